using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Serving;
using Slipway.Pipelines.Telemetry;
using Slipway.TestKit.Fakes;

namespace Slipway.Pipelines.Tests;

/// <summary>A pipeline around models that are functions.</summary>
internal sealed class PipelineRunner : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<PipelineMetrics>().BuildServiceProvider();

    private readonly SocketsHttpHandler _connections = new() { AllowAutoRedirect = false, UseProxy = false };

    public PipelineRunner(PipelineDefinition pipeline, FakeInference models, TimeProvider? time = null)
    {
        Service = new PipelineService([pipeline], models, models, _services.GetRequiredService<PipelineMetrics>(), time ?? TimeProvider.System, NullLogger<PipelineService>.Instance, _connections);
        Name = pipeline.Name;
    }

    /// <summary>What tells this runner's instruments from those of others.</summary>
    public object MeterScope => _services.GetRequiredService<IMeterFactory>();

    public PipelineService Service { get; }

    public string Name { get; }

    public async Task<InferenceResponse> AskAsync(params IReadOnlyList<Tensor> inputs)
    {
        using InferenceRequest request = new() { ModelName = Name, Inputs = inputs };
        return await Service.Inference.InferAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Service.Dispose();
        _services.Dispose();
        _connections.Dispose();
    }

    /// <summary>Runs one step without models.</summary>
    public static async Task<InferenceResponse> RunAsync(StepBody body, IReadOnlyList<Tensor> inputs, params string[] outputs)
    {
        TensorSignature[] types = [.. inputs.Select(static input => new TensorSignature(input.Name, input.DataType, input.Shape.Rank > 0 ? input.Shape.WithFirst(-1) : input.Shape))];
        using PipelineRunner runner = new(Pipelines.Of(types, [Pipelines.Step("s", body)], [.. (outputs.Length > 0 ? outputs : ["output"]).Select(static name => (name, "s." + name))]), new FakeInference());
        return await runner.AskAsync(inputs);
    }
}
