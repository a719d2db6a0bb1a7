using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.OnnxRuntime;

namespace Slipway.Cli.Models;

/// <summary>Has the engine judge a converted model: it infers every type and shape itself and knows every operator.</summary>
internal static class EngineCheck
{
    /// <summary>
    /// Size up to which every converted model is judged: it costs a tenth of a second. The engine needs about ten times the file in memory and more time than the conversion, so
    /// that larger ones are judged when asked for.
    /// </summary>
    public const int LargestUnasked = 4 << 20;

    /// <summary>Loads the model and lets go of it again. Where there is no engine, the converter's own check stands alone.</summary>
    /// <exception cref="SlipwayException">The engine refuses it, and why.</exception>
    public static async Task AcceptsAsync(ConvertedModel converted, CancellationToken cancellationToken)
    {
        if (!IsThere)
        {
            return;
        }

        using PreparedModel prepared = new()
        {
            Runtime = OnnxModelRuntime.RuntimeName,
            Model = new ModelContent(converted.Onnx),
            Digest = converted.SourceDigest,
            Platform = converted.Format,
        };
        using OnnxModelRuntime runtime = new(Options.Create(new OnnxRuntimeOptions { IntraOpThreads = 1 }), NullLogger<OnnxModelRuntime>.Instance);
        using ILoadedModel loaded = await runtime.LoadAsync(prepared, new EngineConfig { Optimization = GraphOptimization.None }, cancellationToken);
    }

    private static bool IsThere
    {
        get
        {
            try
            {
                return OnnxModelRuntime.LibraryVersion.Length > 0;
            }
            catch (SlipwayException)
            {
                return false;
            }
        }
    }
}
