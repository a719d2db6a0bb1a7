using System.Globalization;
using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>What a request of TensorFlow Serving asks for.</summary>
internal enum TensorFlowAction
{
    /// <summary>States of versions.</summary>
    Status,

    /// <summary>Signatures.</summary>
    Metadata,

    /// <summary>A prediction from tensors.</summary>
    Predict,

    /// <summary>Classes of examples.</summary>
    Classify,

    /// <summary>Values of examples.</summary>
    Regress,
}

/// <summary>A path under <c>/v1/models</c>, taken apart. Words of the protocol are matched without regard to case.</summary>
internal readonly record struct TensorFlowPath(string Model, VersionSelector Version, TensorFlowAction Action)
{
    private const string Root = "/v1/models/";

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Path of the request, percent-decoded.</param>
    /// <param name="post">Whether the verb is POST: those ask for predictions, the others for information.</param>
    /// <param name="result">The parts.</param>
    /// <returns>False when the protocol has no such path.</returns>
    public static bool TryParse(ReadOnlySpan<char> path, bool post, out TensorFlowPath result)
    {
        result = default;
        if (!path.StartsWith(Root, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        path = path[Root.Length..];
        TensorFlowAction action = TensorFlowAction.Status;
        if (post ? !TryTakeVerb(ref path, out action) : !TryTakeMetadata(ref path, out action))
        {
            return false;
        }

        // What is left: name, or name/versions/7, or name/labels/canary.
        int slash = path.IndexOf('/');
        ReadOnlySpan<char> name = slash < 0 ? path : path[..slash];
        VersionSelector version = VersionSelector.Default;
        if (name.IsEmpty || name.Contains(':') || (slash >= 0 && !TryReadVersion(path[(slash + 1)..], out version)))
        {
            return false;
        }

        result = new TensorFlowPath(name.ToString(), version, action);
        return true;
    }

    private static bool TryTakeVerb(ref ReadOnlySpan<char> path, out TensorFlowAction action)
    {
        int colon = path.LastIndexOf(':');
        ReadOnlySpan<char> verb = colon < 0 ? [] : path[(colon + 1)..];
        path = colon < 0 ? path : path[..colon];
        action = verb.Equals("predict", StringComparison.OrdinalIgnoreCase) ? TensorFlowAction.Predict
            : verb.Equals("classify", StringComparison.OrdinalIgnoreCase) ? TensorFlowAction.Classify
            : verb.Equals("regress", StringComparison.OrdinalIgnoreCase) ? TensorFlowAction.Regress
            : TensorFlowAction.Status;
        return action != TensorFlowAction.Status;
    }

    private static bool TryTakeMetadata(ref ReadOnlySpan<char> path, out TensorFlowAction action)
    {
        action = TensorFlowAction.Status;
        if (path.EndsWith("/metadata", StringComparison.OrdinalIgnoreCase))
        {
            path = path[..^"/metadata".Length];
            action = TensorFlowAction.Metadata;
        }

        return true;
    }

    private static bool TryReadVersion(ReadOnlySpan<char> text, out VersionSelector version)
    {
        version = default;
        if (text.StartsWith("versions/", StringComparison.OrdinalIgnoreCase))
        {
            bool isNumber = long.TryParse(text["versions/".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            version = VersionSelector.Exact(number);
            return isNumber;
        }

        if (!text.StartsWith("labels/", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> label = text["labels/".Length..];
        version = VersionSelector.ByLabel(label.ToString());
        return !label.IsEmpty && label.IndexOfAny('/', ':') < 0;
    }
}
