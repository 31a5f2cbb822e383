using System.Text;

namespace ChatKit.Architecture.Tests;

/// <summary>The lines that differ, by their longest common subsequence.</summary>
internal static class TextDiff
{
    public static string Of(string before, string after)
    {
        var a = before.Split('\n');
        var b = after.Split('\n');
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var text = new StringBuilder();
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                i++;
                j++;
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                text.Append("- ").AppendLine(a[i++].Trim());
            }
            else
            {
                text.Append("+ ").AppendLine(b[j++].Trim());
            }
        }

        return text.ToString();
    }
}
