using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.Tests.Metrics;

public sealed class ProtocolMetricsTests : IDisposable
{
    private static readonly ServableInfo Servable = new(
        "iris", 1700000000, new string('0', 64), new ModelSignature([], []), ModelConfig.Default)
    {
        Platform = "onnxruntime_onnx",
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, Dictionary<string, string> Tags)> _seen = [];

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Stop_AnsweredRequest_RecordsDurationAndBytesUnderTheServablesName()
    {
        ProtocolMetrics metrics = Listen(ProtocolMetrics.MeterName);

        RequestScope scope = metrics.Start(ProtocolOperation.OpenInferenceHttpInfer);
        metrics.Stop(scope, Servable, null, 10, 20);

        (_, double seconds, Dictionary<string, string> tags) = Assert.Single(_seen, item => item.Instrument == "slipway.server.request.duration");
        Assert.InRange(seconds, 0, 60);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["model"] = "iris",
                ["version"] = "1700000000",
                ["protocol"] = "v2_http",
                ["operation"] = "infer",
                ["code"] = "ok",
            },
            tags);
        Assert.Equal(10, Assert.Single(_seen, item => item.Instrument == "slipway.server.received").Value);
        Assert.Equal(20, Assert.Single(_seen, item => item.Instrument == "slipway.server.sent").Value);
    }

    [Fact]
    public void Stop_RequestForAnUnknownModel_HasNoModelLabelTextFromTheCaller()
    {
        ProtocolMetrics metrics = Listen(ProtocolMetrics.MeterName);

        metrics.Stop(metrics.Start(ProtocolOperation.TensorFlowGrpcPredict), null, ErrorCode.ModelNotFound, 0, 0);

        Dictionary<string, string> tags = Assert.Single(_seen, item => item.Instrument == "slipway.server.request.duration").Tags;
        Assert.Equal("", tags["model"]);
        Assert.Equal("", tags["version"]);
        Assert.Equal("model_not_found", tags["code"]);
    }

    [Fact]
    public void Active_requests_are_counted_in_and_out_by_operation()
    {
        ProtocolMetrics metrics = Listen(ProtocolMetrics.MeterName);

        RequestScope scope = metrics.Start(ProtocolOperation.Invocations);
        Assert.Equal(1, ObserveActive("invocations"));
        Assert.Equal(0, ObserveActive("v2_http"));
        metrics.Stop(scope, Servable, null, 0, 0);
        Assert.Equal(0, ObserveActive("invocations"));
    }

    [Fact]
    public void TensorFlow_names_are_recorded_for_its_own_operations_alone()
    {
        ProtocolMetrics metrics = Listen(ProtocolMetrics.TensorFlowMeterName);

        metrics.Stop(metrics.Start(ProtocolOperation.OpenInferenceHttpInfer), Servable, null, 0, 0);
        Assert.Empty(_seen);

        metrics.Stop(metrics.Start(ProtocolOperation.TensorFlowHttpPredict), Servable, ErrorCode.ShapeMismatch, 0, 0);
        Assert.Equal("INVALID_ARGUMENT", Assert.Single(_seen, item => item.Instrument == "/tensorflow/serving/request_count").Tags["status"]);
        Dictionary<string, string> latency = Assert.Single(_seen, item => item.Instrument == "/tensorflow/serving/request_latency").Tags;
        Assert.Equal("predict", latency["API"]);
        Assert.Equal("REST", latency["entrypoint"]);
    }

    [Fact]
    public void Every_error_code_has_a_label_of_its_own_and_a_status_name()
    {
        ProtocolMetrics metrics = Listen(ProtocolMetrics.MeterName, ProtocolMetrics.TensorFlowMeterName);
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            metrics.Stop(metrics.Start(ProtocolOperation.TensorFlowGrpcPredict), Servable, code, 0, 0);
        }

        string[] labels = [.. _seen.Where(item => item.Instrument == "slipway.server.request.duration").Select(item => item.Tags["code"])];
        Assert.Equal(Enum.GetValues<ErrorCode>().Length, labels.Distinct().Count());
        Assert.All(labels, label => Assert.Matches("^[a-z]+(_[a-z]+)*$", label));
        string[] statuses = [.. _seen.Where(item => item.Instrument == "/tensorflow/serving/request_count").Select(item => item.Tags["status"])];
        Assert.Equal(Enum.GetValues<ErrorCode>().Select(code => code.ToCanonicalCode().ToName()), statuses);
    }

    private ProtocolMetrics Listen(params string[] meters)
    {
        IMeterFactory factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name) && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        return new ProtocolMetrics(factory, TimeProvider.System);
    }

    private double ObserveActive(string protocol)
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return Assert.Single(_seen, item => item.Instrument == "slipway.server.active_requests"
            && item.Tags["protocol"] == protocol && item.Tags["operation"] is "invoke" or "infer").Value;
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, string> copy = [];
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            copy.Add(tag.Key, (string)tag.Value!);
        }

        _seen.Add((instrument.Name, value, copy));
    }
}
