using System.Text;
using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>What callers are told when the engine fails.</summary>
internal static partial class RunFailures
{
    private const int LongestMessage = 600;

    /// <summary>The failure of a run.</summary>
    public static SlipwayException Describe(OrtException exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new SlipwayException(ErrorCode.Cancelled, "the run was cancelled", exception);
        }

        ErrorCode code = exception.Code == OrtErrorCode.InvalidArgument ? ErrorCode.ShapeMismatch : ErrorCode.ModelFailed;
        return new SlipwayException(code, $"the engine could not run the model: {Clean(exception.Message)}", exception);
    }

    /// <summary>The failure of a load.</summary>
    public static SlipwayException DescribeLoad(OrtException exception) => new(
        exception.Code == OrtErrorCode.NotImplemented ? ErrorCode.NotSupported : ErrorCode.InvalidModel,
        $"the engine refuses the model: {Clean(exception.Message)}",
        exception);

    /// <summary>The engine's message without folders, the source files it names and line breaks, cut to a sane length.</summary>
    public static string Clean(string message)
    {
        foreach (string folder in OrtLibrary.Folders)
        {
            message = message.Replace(folder, "", StringComparison.Ordinal);
        }

        string one = Spaces().Replace(WithoutPlaces(message), " ").Trim();
        return one.Length <= LongestMessage ? one : one[..LongestMessage] + "…";
    }

    private static string WithoutPlaces(string message)
    {
        StringBuilder kept = new(message.Length);
        int from = 0;
        foreach (ValueMatch place in SourcePlace().EnumerateMatches(message))
        {
            kept.Append(message, from, place.Index - from);
            from = place.Index + place.Length;
            from += SignatureLength(message.AsSpan(from));
        }

        return kept.Append(message, from, message.Length - from).ToString();
    }

    // "void space::name(const a&, b<c (*)(d)>) const [with T = e] " at the start of a text; 0 where there is none.
    private static int SignatureLength(ReadOnlySpan<char> text)
    {
        int open = text.IndexOf('(');
        if (open < 0 || !text[..open].Contains("::", StringComparison.Ordinal) || text[..open].IndexOfAny('.', '\'', '\n') >= 0)
        {
            return 0;
        }

        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                int end = i + 1;
                end += text[end..].StartsWith(" const", StringComparison.Ordinal) ? " const".Length : 0;
                int close = text[end..].StartsWith(" [with ", StringComparison.Ordinal) ? text[end..].IndexOf(']') : -1;
                return close < 0 ? end : end + close + 1;
            }
        }

        return 0;
    }

    // As in "/onnxruntime_src/onnxruntime/core/graph/graph.cc:123 void f(…) ": file and line; the signature of a function follows.
    [GeneratedRegex(@"(?:[A-Za-z]:)?[/\\][\w./\\+-]+\.(?:cc|h|cpp|hpp|cu):\d+\s*", RegexOptions.NonBacktracking)]
    private static partial Regex SourcePlace();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
