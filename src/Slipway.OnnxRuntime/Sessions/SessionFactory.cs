using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Makes sessions.</summary>
internal sealed unsafe class SessionFactory(OnnxRuntimeOptions options, ILogger logger)
{
    private readonly RunOptionsPool _runOptions = new();

    public OnnxLoadedModel Create(PreparedModel model, EngineConfig config)
    {
        if (model.Model.Length == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the model file is empty");
        }

        OrtEnvironment environment = OrtEnvironment.Acquire(
            new ThreadSettings(options.IntraOpThreads, options.InterOpThreads, options.AllowSpinning, options.FlushDenormals), logger);
        OrtApi* api = OrtLibrary.Api;
        using SessionOptionsHandle sessionOptions = new();
        OrtStatusCheck.Check(api->SetSessionGraphOptimizationLevel(sessionOptions.Pointer, (int)config.Optimization));
        if (config.IntraOpThreads > 0)
        {
            OrtStatusCheck.Check(api->SetIntraOpNumThreads(sessionOptions.Pointer, config.IntraOpThreads));
        }
        else
        {
            OrtStatusCheck.Check(api->DisablePerSessionThreads(sessionOptions.Pointer));
        }

        using MappedContent content = MappedContent.Read(model.Model);
        OrtSession* pointer;
        OrtStatusCheck.Check(api->CreateSessionFromArray(environment.Pointer, content.Pointer, (nuint)content.Length, sessionOptions.Pointer, &pointer));
        SessionHandle session = new(pointer);
        try
        {
            (IReadOnlyList<ValuePlan> inputs, IReadOnlyList<ValuePlan> outputs) = SignatureReader.Read(session, environment.Allocator);
            ModelSignature signature = SignatureBuilder.Build(inputs, outputs);
            return new OnnxLoadedModel(session, environment, _runOptions, signature, model.Model.Length);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
