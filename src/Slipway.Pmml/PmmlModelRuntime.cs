using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Scoring;

namespace Slipway.Pmml;

/// <summary>
/// Evaluates PMML documents natively. Understands two session options of a model: <c>pmml.model</c>, the name of the model to score where a document has
/// several (default: the first), and <c>pmml.verification</c>, <c>ignore</c> to load a model that its own verification records disagree with. Thread-safe.
/// </summary>
public sealed partial class PmmlModelRuntime(IOptions<PmmlOptions> options, ILogger<PmmlModelRuntime> logger) : IModelRuntime
{
    /// <summary>Name of the runtime.</summary>
    public const string RuntimeName = "pmml";

    private const string ModelOption = "pmml.model";
    private const string VerificationOption = "pmml.verification";

    /// <inheritdoc/>
    public string Name => RuntimeName;

    /// <inheritdoc/>
    public ValueTask<ILoadedModel> LoadAsync(PreparedModel model, EngineConfig config, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (string? modelName, bool ignoresVerification) = Read(config);
        PmmlElement document;
        using (MemoryStream stream = OpenRead(model.Model))
        {
            document = PmmlReader.Read(stream, model.Model.Length, PmmlLimits.Default, cancellationToken);
        }

        PmmlPlan plan = PmmlPlan.Compile(document, modelName, cancellationToken);
        if (ModelVerification.FindDifference(plan, cancellationToken) is { } difference)
        {
            if (!ignoresVerification && !options.Value.IgnoreVerification)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidModel, $"the model disagrees with itself: {difference}; to serve it all the same set the session option {VerificationOption} to 'ignore'");
            }

            Log.VerificationIgnored(logger, difference);
        }

        return ValueTask.FromResult<ILoadedModel>(new PmmlLoadedModel(plan, document, model.Model.Length));
    }

    private (string? Model, bool IgnoresVerification) Read(EngineConfig config)
    {
        string? modelName = null;
        bool ignores = false;
        foreach ((string key, string value) in config.SessionOptions)
        {
            switch (key, value)
            {
                case (ModelOption, _):
                    modelName = value;
                    break;
                case (VerificationOption, "ignore" or "enforce"):
                    ignores = value == "ignore";
                    break;
                default:
                    throw new SlipwayException(
                        ErrorCode.InvalidConfiguration,
                        $"the session option '{key}' = '{value}' means nothing to the runtime '{Name}': it takes {ModelOption} and {VerificationOption} (ignore or enforce)");
            }
        }

        return (modelName, ignores);
    }

    private static MemoryStream OpenRead(ModelContent content)
    {
        if (content.File is null)
        {
            return new MemoryStream(content.Bytes.ToArray(), writable: false);
        }

        // Bytes are read through the handle that was checked; the content keeps owning it.
        SafeFileHandle file = content.File;
        byte[] bytes = new byte[Math.Min(content.Length, PmmlLimits.Default.MaxBytes)];
        int read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var more)
        {
            read += more;
        }

        return new MemoryStream(bytes, 0, read, writable: false);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 9000, Level = LogLevel.Warning, Message = "A model is loaded although it disagrees with itself: {Difference}")]
        public static partial void VerificationIgnored(ILogger logger, string difference);
    }
}
