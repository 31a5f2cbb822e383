using System.Numerics;

namespace ChatKit.Mls;

/// <summary>Node indices of a full binary tree as an array (RFC 9420, appendix C). Leaf counts are powers of two.</summary>
internal static class TreeMath
{
    public static int NodeCount(int leafCount) => (2 * leafCount) - 1;

    public static int LeafToNode(uint leaf) => checked((int)leaf * 2);

    public static uint NodeToLeaf(int node) => (uint)node / 2;

    public static bool IsLeaf(int node) => (node & 1) == 0;

    public static int Level(int node) => BitOperations.TrailingZeroCount(~node);

    public static int Root(int leafCount) => leafCount - 1;

    public static int Left(int node)
    {
        var level = Level(node);
        return node ^ (1 << (level - 1));
    }

    public static int Right(int node)
    {
        var level = Level(node);
        return node ^ (3 << (level - 1));
    }

    public static int Parent(int node)
    {
        var level = Level(node);
        var bit = (node >> (level + 1)) & 1;
        return (node | (1 << level)) ^ (bit << (level + 1));
    }

    public static int Sibling(int node)
    {
        var parent = Parent(node);
        return node < parent ? Right(parent) : Left(parent);
    }

    /// <summary>Whether a node is the other one or lies below it.</summary>
    public static bool IsInSubtree(int node, int ancestor)
    {
        var span = (1 << Level(ancestor)) - 1;
        return node >= ancestor - span && node <= ancestor + span;
    }

    /// <summary>Nodes from the parent of a leaf up to and with the root.</summary>
    public static List<int> DirectPath(uint leaf, int leafCount)
    {
        var path = new List<int>();
        var root = Root(leafCount);
        var node = LeafToNode(leaf);
        while (node != root)
        {
            node = Parent(node);
            path.Add(node);
        }

        return path;
    }
}
