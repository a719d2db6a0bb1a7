using System.Globalization;
using Slipway.Client.Rollouts;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>
/// A classifier and five successors of it, each rolled out on the real server while a client asks 500 times a second: the good one is promoted, every bad one goes back by itself, and callers
/// see no failure but those of the version that fails.
/// </summary>
[Trait("Category", "Slow")]
public sealed class RolloutProofTests
{
    private const int Rate = 500;
    private const int Classes = 3;
    private const int Good = 2;
    private const int Failing = 3;
    private const int Shuffled = 4;
    private const int Slow = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Chance of a false decision is not what these tests are about, so it is set to next to nothing.
    private static readonly RolloutPolicyBody Policy = new() { FalseRollback = 1e-4, ErrorMargin = 0.1, SlowMargin = 0.25, SlowAfterSeconds = 30, MaxDisagreement = 0.3 };
    private static readonly RolloutQualityBody Quality = new("correct") { Margin = 0.15 };

    [Fact]
    public async Task A_good_version_is_promoted_by_what_is_reported_about_its_answers()
    {
        await using Service service = await Service.StartAsync(reports: true);
        RolloutDescription over = await service.RollOutAsync(
            Good,
            Policy with { Quality = Quality },
            new RolloutStepBody { Weight = 20, Shadow = 20, MinRequests = 50, MinTimeSeconds = 1 },
            new RolloutStepBody { Weight = 50, MinRequests = 100, MinTimeSeconds = 1, Prove = true, Quality = true });
        Assert.Equal("promoted", over.Phase);
        RolloutFindingBody quality = Assert.Single(over.Findings, static one => one.Measure == "quality");
        Assert.True(quality is { Proven: true, Harm: false });
        Assert.True(over.Stages[^1].New.Reports >= 100);
        await service.Client.WaitForAsync(Rate);
        service.AssertNoFailure();
        (_, string shown, _) = await SlipwayProcess.RunAsync("rollout", "status", "scoring", "--url", service.Server.Admin.ToString());
        Assert.Contains("reports: old", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_with_shuffled_labels_goes_back_by_what_is_reported_about_its_answers()
    {
        await using Service service = await Service.StartAsync(reports: true);
        RolloutDescription over = await service.RollOutAsync(
            Shuffled, Policy with { Quality = Quality }, new RolloutStepBody { Weight = 10, MinRequests = 1_000_000 });
        Assert.Equal("rolledBack", over.Phase);
        Assert.StartsWith("harm in quality", over.Reason, StringComparison.Ordinal);
        await service.Client.WaitForAsync(Rate);
        service.AssertNoFailure();
    }

    [Fact]
    public async Task A_version_with_shuffled_labels_goes_back_by_its_shadow_before_any_caller_gets_its_answers()
    {
        await using Service service = await Service.StartAsync(reports: false);
        RolloutDescription over = await service.RollOutAsync(Shuffled, Policy, new RolloutStepBody { Shadow = 50, MinRequests = 1_000_000 });
        Assert.Equal("rolledBack", over.Phase);
        Assert.StartsWith("harm in disagreement", over.Reason, StringComparison.Ordinal);
        Assert.Equal(0, over.Stages.Sum(static stage => stage.New.Requests));
        await service.Client.WaitForAsync(Rate);
        service.AssertNoFailure();
    }

    [Fact]
    public async Task A_slow_version_goes_back()
    {
        await using Service service = await Service.StartAsync(reports: false);
        RolloutDescription over = await service.RollOutAsync(Slow, Policy with { SlowAfterSeconds = 0.1 }, new RolloutStepBody { Weight = 1, MinRequests = 1_000_000 });
        Assert.Equal("rolledBack", over.Phase);
        Assert.StartsWith("harm in slow", over.Reason, StringComparison.Ordinal);
        await service.Client.WaitForAsync(Rate);
        service.AssertNoFailure();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failing_version_goes_back_and_no_failure_but_its_own_reaches_callers_and_none_afterwards(bool isShielded)
    {
        await using Service service = await Service.StartAsync(reports: false);
        RolloutDescription over = await service.RollOutAsync(Failing, Policy with { Shield = isShielded }, new RolloutStepBody { Weight = 5, MinRequests = 1_000_000 });
        Assert.Equal("rolledBack", over.Phase);
        Assert.StartsWith("harm in errors", over.Reason, StringComparison.Ordinal);

        long after = service.Client.Sent;
        await service.Client.WaitForAsync(2 * Rate);
        if (isShielded)
        {
            service.AssertNoFailure();
            return;
        }

        Assert.NotEmpty(service.Client.Failures);
        Assert.All(service.Client.Failures, failure =>
        {
            Assert.True(failure.Number <= after, $"request {failure.Number} of {after} before the end failed afterwards: {failure.Failure}");
            Assert.Contains("indices element out of data bounds", failure.Failure, StringComparison.Ordinal);
        });
        Assert.True(service.Client.Failures.Count <= over.Stages[0].New.Failures + Rate, "more failed than the new version was asked");
    }

    /// <summary>A point near one of three corners, and which: a twentieth or so lies nearer to another.</summary>
    private static (float[] Features, long Label) Sample(int number)
    {
        Random random = new(number);
        int label = random.Next(Classes);
        float[] features = [.. Enumerable.Range(0, Classes).Select(i => (float)((i == label ? 1 : 0) + (random.NextDouble() * 1.4) - 0.7))];
        return (features, label);
    }

    /// <summary>The largest of three scores, its number through a table: another table makes other labels.</summary>
    private static byte[] Classifier(params long[] table) => End(Begin().Node("MatMul", ["x", "w"], ["scores"]), table);

    private static OnnxModelBuilder Begin() => new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "batch", Classes)
        .Output("label", OnnxDataType.Int64, "batch")
        .Constant("w", [1f, 0, 0, 0, 1, 0, 0, 0, 1], Classes, Classes);

    private static byte[] End(OnnxModelBuilder builder, long[] table) => builder
        .Constant("table", table, Classes)
        .Node("ArgMax", ["scores"], ["largest"], "", OnnxAttributes.Int("axis", 1), OnnxAttributes.Int("keepdims", 0))
        .Node("Gather", ["table", "largest"], ["label"], "", OnnxAttributes.Int("axis", 0))
        .Build();

    /// <summary>The classifier, which looks its label up at an index out of range unless all features are 0, as those of a warm-up are.</summary>
    private static byte[] FailingClassifier() => new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "batch", Classes)
        .Output("label", OnnxDataType.Int64, "batch")
        .Constant("table", new long[] { 0, 1, 2 }, Classes)
        .Constant("far", [1000f], 1)
        .Node("Abs", ["x"], ["size"])
        .Node("Ceil", ["size"], ["step"])
        .Node("Mul", ["step", "far"], ["index"])
        .Node("Cast", ["index"], ["indices"], "", OnnxAttributes.Int("to", 7))
        .Node("Gather", ["table", "indices"], ["labels"], "", OnnxAttributes.Int("axis", 0))
        .Node("ArgMax", ["labels"], ["label"], "", OnnxAttributes.Int("axis", 1), OnnxAttributes.Int("keepdims", 0))
        .Build();

    /// <summary>The classifier after a thousand and more matrix products that add nothing.</summary>
    private static byte[] SlowClassifier()
    {
        const int width = 1024;
        const int layers = 1500;
        OnnxModelBuilder builder = Begin()
            .Constant("in", new float[Classes * width], Classes, width)
            .Constant("layer", new float[width * width], width, width)
            .Constant("out", new float[width * Classes], width, Classes)
            .Node("MatMul", ["x", "in"], ["h0"]);
        for (int i = 0; i < layers; i++)
        {
            builder.Node("MatMul", [$"h{i}", "layer"], [$"h{i + 1}"]);
        }

        return End(builder.Node("MatMul", [$"h{layers}", "out"], ["zero"]).Node("MatMul", ["x", "w"], ["plain"]).Node("Add", ["plain", "zero"], ["scores"]), [0, 1, 2]);
    }

    private sealed class Service : IAsyncDisposable
    {
        private readonly TemporaryFolder _files;

        private Service(TemporaryFolder files, SlipwayProcess server, bool reports)
        {
            (_files, Server) = (files, server);
            Client = PacedClient.Start(server, "scoring", Rate, reports, Sample);
        }

        public SlipwayProcess Server { get; }

        public PacedClient Client { get; }

        public static async Task<Service> StartAsync(bool reports)
        {
            TemporaryFolder files = new();
            files.Write("models/flowers/1/model.onnx", Classifier(0, 1, 2));
            files.Write($"models/flowers/{Good}/model.onnx", Classifier(0, 1, 2));
            files.Write($"models/flowers/{Failing}/model.onnx", FailingClassifier());
            files.Write($"models/flowers/{Shuffled}/model.onnx", Classifier(1, 2, 0));
            files.Write($"models/flowers/{Slow}/model.onnx", SlowClassifier());
            files.Write("models/flowers/model.yaml", "versionPolicy: all\n");
            string config = files.Write("slipway.yaml", "endpoints: { scoring: { arms: { stable: \"flowers:1\" } } }\n");
            return new Service(files, await SlipwayProcess.ServeAsync("--models", files.PathOf("models"), "--config", config, "--data", files.PathOf("data")), reports);
        }

        /// <summary>Rolls a version out while the client asks, and waits for the end.</summary>
        public async Task<RolloutDescription> RollOutAsync(int to, RolloutPolicyBody policy, params RolloutStepBody[] steps)
        {
            await Client.WaitForAsync(Rate);
            using RolloutClient rollouts = new(Server.Admin);
            using CancellationTokenSource patience = new(Patience);
            RolloutDescription now = await rollouts.StartAsync(new RolloutRequest("scoring", to) { Steps = steps, Policy = policy }, patience.Token);
            while (!now.IsOver)
            {
                await Task.Delay(50, patience.Token);
                now = await rollouts.GetAsync(now.Id, patience.Token);
            }

            return now;
        }

        public void AssertNoFailure()
        {
            Assert.Empty(Client.Failures);
            Assert.True(Client.Answered > 2 * Rate, Client.Answered.ToString(CultureInfo.InvariantCulture));
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
            _files.Dispose();
        }
    }
}
