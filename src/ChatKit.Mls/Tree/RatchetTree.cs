using System.Diagnostics.CodeAnalysis;

namespace ChatKit.Mls;

/// <summary>
/// The public ratchet tree (RFC 9420, sections 4 and 7). Nodes are immutable, so that a clone is cheap and the difference of two trees is
/// a comparison of references; tree hashes are kept until a node below changes. Not safe for concurrent use.
/// </summary>
internal sealed partial class RatchetTree
{
    /// <summary>Leaves a tree may have: a bound on memory that no message can exceed.</summary>
    public const int MaxLeaves = 1 << 20;

    private readonly MlsCipherSuite _suite;
    private TreeNode?[] _nodes;
    private byte[]?[] _hashes;

    private RatchetTree(MlsCipherSuite suite, TreeNode?[] nodes, byte[]?[] hashes)
    {
        _suite = suite;
        _nodes = nodes;
        _hashes = hashes;
    }

    public RatchetTree(MlsCipherSuite suite, LeafNode first)
        : this(suite, [first], new byte[]?[1])
    {
    }

    public RatchetTree(MlsCipherSuite suite, TreeNode?[] nodes)
        : this(suite, nodes, new byte[]?[nodes.Length])
    {
    }

    public int LeafCount => (_nodes.Length + 1) / 2;

    public int NodeCount => _nodes.Length;

    public int Root => TreeMath.Root(LeafCount);

    public TreeNode? this[int node] => _nodes[node];

    public RatchetTree Clone() => new(_suite, (TreeNode?[])_nodes.Clone(), (byte[]?[])_hashes.Clone());

    public LeafNode? Leaf(uint leaf) => leaf < (uint)LeafCount ? (LeafNode?)_nodes[TreeMath.LeafToNode(leaf)] : null;

    public bool TryGetLeaf(uint leaf, [NotNullWhen(true)] out LeafNode? node)
    {
        node = Leaf(leaf);
        return node is not null;
    }

    public IEnumerable<(uint Index, LeafNode Leaf)> Leaves()
    {
        for (var i = 0; i < _nodes.Length; i += 2)
        {
            if (_nodes[i] is LeafNode leaf)
            {
                yield return ((uint)i / 2, leaf);
            }
        }
    }

    /// <summary>Adds a leaf at the leftmost blank place (section 7.7 and 12.1.1).</summary>
    public uint Add(LeafNode leaf)
    {
        var index = FirstBlankLeaf();
        if (index == LeafCount)
        {
            Extend();
        }

        var node = TreeMath.LeafToNode((uint)index);
        Set(node, leaf);
        var root = Root;
        for (var current = node; current != root;)
        {
            current = TreeMath.Parent(current);
            if (_nodes[current] is ParentNode parent)
            {
                _nodes[current] = parent.WithUnmergedLeaf((uint)index);
            }
        }

        return (uint)index;
    }

    /// <summary>Replaces a leaf and blanks its direct path (section 12.1.2).</summary>
    public void Update(uint leaf, LeafNode node)
    {
        BlankPath(leaf);
        Set(TreeMath.LeafToNode(leaf), node);
    }

    /// <summary>Blanks a leaf and its direct path and shortens the tree (section 12.1.3).</summary>
    public void Remove(uint leaf)
    {
        BlankPath(leaf);
        Set(TreeMath.LeafToNode(leaf), null);
        while (LeafCount > 1 && !HasMembers(TreeMath.Right(Root)))
        {
            Array.Resize(ref _nodes, TreeMath.NodeCount(LeafCount / 2));
            Array.Resize(ref _hashes, _nodes.Length);
        }
    }

    public void SetLeaf(uint leaf, LeafNode node) => Set(TreeMath.LeafToNode(leaf), node);

    public void SetParent(int index, ParentNode node) => Set(index, node);

    public void BlankPath(uint leaf)
    {
        foreach (var node in TreeMath.DirectPath(leaf, LeafCount))
        {
            Set(node, null);
        }
    }

    /// <summary>The resolution of a node (section 4.1.1).</summary>
    public List<int> Resolution(int node)
    {
        var result = new List<int>();
        Resolve(node, result);
        return result;
    }

    /// <summary>The filtered direct path of a leaf with its copath, from the bottom (section 4.1.2).</summary>
    public List<PathStep> FilteredDirectPath(uint leaf)
    {
        var result = new List<PathStep>();
        var child = TreeMath.LeafToNode(leaf);
        var root = Root;
        while (child != root)
        {
            var sibling = TreeMath.Sibling(child);
            child = TreeMath.Parent(child);
            if (HasMembers(sibling))
            {
                result.Add(new PathStep(child, sibling));
            }
        }

        return result;
    }

    public bool HasMembers(int node)
    {
        var span = (1 << TreeMath.Level(node)) - 1;
        for (var i = node - span; i <= node + span; i += 2)
        {
            if (_nodes[i] is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void Resolve(int node, List<int> result)
    {
        switch (_nodes[node])
        {
            case ParentNode parent:
                result.Add(node);
                foreach (var leaf in parent.UnmergedLeaves)
                {
                    result.Add(TreeMath.LeafToNode(leaf));
                }

                break;
            case LeafNode:
                result.Add(node);
                break;
            default:
                if (!TreeMath.IsLeaf(node))
                {
                    Resolve(TreeMath.Left(node), result);
                    Resolve(TreeMath.Right(node), result);
                }

                break;
        }
    }

    private int FirstBlankLeaf()
    {
        for (var i = 0; i < _nodes.Length; i += 2)
        {
            if (_nodes[i] is null)
            {
                return i / 2;
            }
        }

        return LeafCount;
    }

    private void Extend()
    {
        if (LeafCount >= MaxLeaves)
        {
            throw new MlsException(MlsErrorCode.LimitExceeded, "The group has too many members.");
        }

        Array.Resize(ref _nodes, TreeMath.NodeCount(LeafCount * 2));
        Array.Resize(ref _hashes, _nodes.Length);
    }

    private void Set(int index, TreeNode? node)
    {
        _nodes[index] = node;
        var root = Root;
        _hashes[index] = null;
        while (index != root)
        {
            index = TreeMath.Parent(index);
            _hashes[index] = null;
        }
    }
}
