using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.OnnxRuntime.Models;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Text;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Makes sessions. Not thread-safe: the runtime loads one model at a time.</summary>
internal sealed unsafe partial class SessionFactory(OnnxRuntimeOptions options, ILogger logger)
{
    // A folder that can't exist: should the engine ever look for a file by itself, it finds none.
    private const string NoFolder = "/dev/null/slipway";

    // Runs of models this small take a few microseconds, and each waits several times for the locks of the arena and the patterns that they share; the
    // memory that they need is small enough for the general allocator to have at hand.
    private const long SmallModelBytes = 4 << 20;

    private readonly RunOptionsPool _runOptions = new();

    /// <summary>Checks a model and makes a session of it.</summary>
    public OpenedSession Create(PreparedModel model, EngineConfig config)
    {
        OrtEnvironment environment = OrtEnvironment.Acquire(
            new ThreadSettings(options.IntraOpThreads, options.InterOpThreads, options.AllowSpinning, options.FlushDenormals), logger);
        using MappedContent content = MappedContent.Read(model.Model);
        if (content.Length is 0 or > int.MaxValue)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, content.Length == 0 ? "the model file is empty" : "the model file is larger than 2 GiB");
        }

        OnnxFacts facts = OnnxFactsReader.Read(new ReadOnlySpan<byte>(content.Pointer, (int)content.Length));
        CheckExternalData(facts, model);

        using SessionOptionsHandle sessionOptions = new();
        Configure(sessionOptions, model, config);
        if (facts.OperatorSets.ContainsKey(OwnOperators.Domain))
        {
            TextDomain.Add(sessionOptions.Pointer);
        }

        using ExternalData external = ExternalData.Attach(sessionOptions, facts.ExternalLocations, model.ExternalData);
        SessionHandle? session = null;
        try
        {
            OptimizedModelCache cache = new(options.OptimizedModelFolder, logger);
            session = cache.Open(model, config, content, sessionOptions, (data, length) => Open(environment, data, length, sessionOptions));
            (IReadOnlyList<ValuePlan> inputs, IReadOnlyList<ValuePlan> outputs) = SignatureReader.Read(session, environment.Allocator);
            return new OpenedSession(session, environment, _runOptions)
            {
                Inputs = SignatureBuilder.Complete(inputs, facts, areOutputs: false),
                Outputs = SignatureBuilder.Complete(outputs, facts, areOutputs: true),
                Metadata = MetadataReader.Read(session, environment.Allocator, facts, model.Metadata),
                IsProfiled = config.Profiling,
                QuantizesDynamically = facts.QuantizesDynamically,
            };
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    private static SessionHandle Open(OrtEnvironment environment, byte* data, long length, SessionOptionsHandle sessionOptions)
    {
        OrtSession* session;
        OrtStatusCheck.Check(OrtLibrary.Api->CreateSessionFromArray(environment.Pointer, data, (nuint)length, sessionOptions.Pointer, &session));
        return new SessionHandle(session);
    }

    private static void CheckExternalData(OnnxFacts facts, PreparedModel model)
    {
        if (facts.HasMisplacedExternalData)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the model keeps the data of a tensor other than an initializer of its main graph in another file");
        }

        foreach (string location in facts.ExternalLocations)
        {
            if (!model.ExternalData.ContainsKey(location))
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"the model keeps tensors in '{location}', which is not among the version's files");
            }
        }
    }

    private void Configure(SessionOptionsHandle handle, PreparedModel model, EngineConfig config)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtSessionOptions* target = handle.Pointer;
        OrtStatusCheck.Check(api->SetSessionGraphOptimizationLevel(target, (int)config.Optimization));
        // The engine switches a pool's profiler on and off with each profiled run, and other runs on the same pool that are under way then fail: a profiled model has threads of its own.
        if (config.IntraOpThreads > 0 || config.Profiling)
        {
            int threads = config.IntraOpThreads > 0 ? config.IntraOpThreads : options.IntraOpThreads;
            OrtStatusCheck.Check(api->SetIntraOpNumThreads(target, threads));
            SessionSettings.Add(target, "session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        }
        else
        {
            OrtStatusCheck.Check(api->DisablePerSessionThreads(target));
        }

        using NativeStrings id = new([model.Digest.Length > 12 ? model.Digest[..12] : model.Digest]);
        OrtStatusCheck.Check(api->SetSessionLogId(target, id.Pointer[0]));
        SessionSettings.Add(target, "session.load_model_format", "ONNX");
        SessionSettings.Add(target, "session.model_external_initializers_file_folder_path", NoFolder);
        if (config.Profiling)
        {
            EnableProfiling(target, model);
        }

        foreach (ExecutionProviderConfig provider in config.ExecutionProviders)
        {
            ExecutionProviders.Append(handle, provider);
        }

        if (model.Model.Length + model.ExternalData.Values.Sum(static file => file.Length) <= SmallModelBytes)
        {
            OrtStatusCheck.Check(api->DisableCpuMemArena(target));
            OrtStatusCheck.Check(api->DisableMemPattern(target));
        }

        SessionSettings.Apply(handle, config.SessionOptions);
    }

    private void EnableProfiling(OrtSessionOptions* target, PreparedModel model)
    {
        string folder = options.ProfilingFolder
            ?? throw new SlipwayException(ErrorCode.InvalidConfiguration, $"profiling needs a folder to write to: a server's data folder, or {OnnxRuntimeOptions.Section}:{nameof(options.ProfilingFolder)}");
        Directory.CreateDirectory(folder);
        string prefix = string.Create(CultureInfo.InvariantCulture, $"onnxruntime-{model.Digest[..Math.Min(12, model.Digest.Length)]}");
        using NativeStrings path = new([Path.Combine(Path.GetFullPath(folder), prefix)], asPaths: true);
        OrtStatusCheck.Check(OrtLibrary.Api->EnableProfiling(target, path.First));
    }
}
