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

        string one = Spaces().Replace(SourcePlace().Replace(message, ""), " ").Trim();
        return one.Length <= LongestMessage ? one : one[..LongestMessage] + "…";
    }

    // As in "/onnxruntime_src/onnxruntime/core/graph/graph.cc:123 void f(…) ": file, line, and the signature that follows it.
    [GeneratedRegex(@"(?:[A-Za-z]:)?[/\\][\w./\\+-]+\.(?:cc|h|cpp|hpp|cu):\d+\s*", RegexOptions.NonBacktracking)]
    private static partial Regex SourcePlace();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
