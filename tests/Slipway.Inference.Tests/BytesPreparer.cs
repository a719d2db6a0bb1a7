using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.OnnxRuntime;

namespace Slipway.Inference.Tests;

/// <summary>Hands ONNX models to the real engine, each found by the change token of its artifact.</summary>
internal sealed class BytesPreparer(IReadOnlyDictionary<string, byte[]> models) : IModelPreparer
{
    /// <summary>Inference over the real engine, where everything goes through the queue.</summary>
    public static Action<IServiceCollection> Services(IReadOnlyDictionary<string, byte[]> models) => services =>
    {
        services.AddOnnxRuntime();
        services.AddSingleton<IModelPreparer>(new BytesPreparer(models));
        services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero);
    };

    public static PreparedModel Prepare(byte[] model) => new()
    {
        Runtime = OnnxModelRuntime.RuntimeName,
        Model = new ModelContent(model),
        Digest = Convert.ToHexStringLower(SHA256.HashData(model)),
        Platform = "onnxruntime_onnx",
    };

    public ValueTask<PreparedModel> PrepareAsync(ModelArtifact artifact, CancellationToken cancellationToken) => ValueTask.FromResult(Prepare(models[artifact.ChangeToken]));
}
