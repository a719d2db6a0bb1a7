using System.Globalization;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>A reference to an output, taken apart: <c>node</c>, <c>node:2</c> in a graph, <c>node:output:0</c> in a function.</summary>
/// <param name="Output">Name of the output; empty when only a number is given.</param>
/// <param name="Index">Position among the node's outputs, or within the named one.</param>
internal readonly record struct TensorReference(string Node, string Output, int Index)
{
    public static TensorReference Parse(string text)
    {
        int first = text.IndexOf(':', StringComparison.Ordinal);
        if (first < 0)
        {
            return new TensorReference(text, "", 0);
        }

        string node = text[..first];
        int second = text.IndexOf(':', first + 1);
        return second < 0
            ? IndexOf(text[(first + 1)..]) is { } index ? new TensorReference(node, "", index) : new TensorReference(node, text[(first + 1)..], 0)
            : new TensorReference(node, text[(first + 1)..second], IndexOf(text[(second + 1)..]) ?? 0);
    }

    private static int? IndexOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;
}
