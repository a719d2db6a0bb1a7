using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Tests.Routing;

public sealed class RoutedInferenceTests
{
    private readonly TrafficFixture _traffic = new();

    [Fact]
    public async Task Requests_for_models_pass_untouched()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint());
        (long version, RouteAssignment? assignment) = await _traffic.AskAsync(TrafficFixture.Request("fraud", VersionSelector.Exact(3)));
        Assert.Equal(3, version);
        Assert.Null(assignment);
    }

    [Fact]
    public async Task Requests_are_divided_by_weight_and_the_answer_names_arm_version_and_reason()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 20));
        int next = 0;
        for (int i = 0; i < 4000; i++)
        {
            (long version, RouteAssignment? assignment) = await _traffic.AskAsync(TrafficFixture.Request());
            Assert.Equal(new RouteAssignment("scoring", version == 2 ? "next" : "stable", "weight"), assignment);
            next += version == 2 ? 1 : 0;
        }

        // 800 expected, standard deviation 25.
        Assert.InRange(next, 675, 925);
    }

    [Fact]
    public async Task The_answer_carries_the_assignment_as_parameters_beside_the_models_own()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 0));
        using InferenceResponse response = await _traffic.Service.Inference.InferAsync(TrafficFixture.Request(), TestContext.Current.CancellationToken);
        Assert.Equal("stable", response.Parameters["slipway_arm"].Text);
        Assert.Equal("weight", response.Parameters["slipway_assignment"].Text);
        Assert.Equal("scoring", response.Parameters["slipway_endpoint"].Text);
        Assert.Equal(response.Servable.Digest, response.Parameters["slipway_version_digest"].Text);
    }

    [Fact]
    public async Task An_entity_keeps_its_arm_whatever_place_its_key_comes_from()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 50) with { StickyBy = [new KeySource(KeySourceKind.Header, "X-User"), new KeySource(KeySourceKind.Parameter, "user")] });
        for (int i = 0; i < 50; i++)
        {
            string key = $"user-{i}";
            (long byHeader, RouteAssignment? assignment) = await _traffic.AskAsync(TrafficFixture.Request(attributes: new FakeAttributes(("x-user", key))));
            (long byKey, _) = await _traffic.AskAsync(TrafficFixture.Request(entity: key));
            (long byParameter, _) = await _traffic.AskAsync(new InferenceRequest
            {
                ModelName = "scoring",
                Inputs = [TestTensors.Floats("x", [1], 1)],
                Parameters = new Dictionary<string, ParameterValue> { ["user"] = ParameterValue.Of(key) },
            });
            Assert.Equal("sticky", assignment!.Reason);
            Assert.Equal((byHeader, byHeader), (byKey, byParameter));
        }
    }

    [Fact]
    public async Task The_same_inputs_get_the_same_arm_when_inputs_are_the_key()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 50) with { StickyBy = [new KeySource(KeySourceKind.Inputs, "")] });
        HashSet<long> seen = [];
        for (int i = 0; i < 40; i++)
        {
            (long first, _) = await _traffic.AskAsync(Of(i));
            (long second, _) = await _traffic.AskAsync(Of(i));
            Assert.Equal(first, second);
            seen.Add(first);
        }

        Assert.Equal(2, seen.Count);

        static InferenceRequest Of(int i) => new() { ModelName = "scoring", Inputs = [TestTensors.Floats("x", [1], i)] };
    }

    [Fact]
    public async Task A_label_that_is_an_arms_name_asks_for_that_arm()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 0));
        (long version, RouteAssignment? assignment) = await _traffic.AskAsync(TrafficFixture.Request(version: VersionSelector.ByLabel("next")));
        Assert.Equal((2L, "requested"), (version, assignment!.Reason));
    }

    [Fact]
    public async Task A_version_of_an_endpoint_that_is_no_model_is_refused_with_the_arms_there_are()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint());
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _traffic.AskAsync(TrafficFixture.Request(version: VersionSelector.Exact(2))));
        Assert.Equal(ErrorCode.VersionNotFound, refused.Code);
        Assert.Contains("scoring@stable, scoring@next", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_with_a_models_name_takes_requests_without_a_version_and_leaves_the_others()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 100) with { Name = "fraud" });
        Assert.Equal(2, (await _traffic.AskAsync(TrafficFixture.Request("fraud"))).Version);
        Assert.Equal(3, (await _traffic.AskAsync(TrafficFixture.Request("fraud", VersionSelector.Exact(3)))).Version);
        Assert.Equal(1, (await _traffic.AskAsync(TrafficFixture.Request("fraud", VersionSelector.ByLabel("champion")))).Version);
    }

    [Fact]
    public async Task Rules_come_before_weights_and_the_first_that_matches_decides()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 0) with
        {
            Rules =
            [
                new RuleDefinition { Name = "opt-out", Arm = "stable", Conditions = [new ConditionDefinition { Source = new KeySource(KeySourceKind.Header, "X-Plain"), Present = true }] },
                new RuleDefinition { Name = "gold", Arm = "next", Conditions = [new ConditionDefinition { Source = new KeySource(KeySourceKind.Claim, "tier"), In = ["gold", "silver"] }] },
            ],
        });
        Assert.Equal((2L, "rule:gold"), await Reason(("claim:tier", "gold")));
        Assert.Equal((1L, "rule:opt-out"), await Reason(("claim:tier", "gold"), ("X-Plain", "")));
        Assert.Equal((1L, "weight"), await Reason(("claim:tier", "bronze")));

        async Task<(long Version, string Reason)> Reason(params (string Name, string Value)[] values)
        {
            (long version, RouteAssignment? assignment) = await _traffic.AskAsync(TrafficFixture.Request(attributes: new FakeAttributes(values)));
            return (version, assignment!.Reason);
        }
    }

    [Fact]
    public async Task A_failing_arm_is_replaced_by_its_fallback_but_not_when_the_caller_is_at_fault()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 100) with { Fallback = new FallbackDefinition { Arm = "stable" } });
        _traffic.Inference.Before = (request, _) => request.Version == VersionSelector.Exact(2) ? throw new SlipwayException(ErrorCode.ModelFailed, "bad") : default;
        Assert.Equal((1L, new RouteAssignment("scoring", "stable", "fallback")), await _traffic.AskAsync(TrafficFixture.Request()));

        _traffic.Inference.Before = (_, _) => throw new SlipwayException(ErrorCode.ShapeMismatch, "wrong shape");
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _traffic.AskAsync(TrafficFixture.Request()));
        Assert.Equal(ErrorCode.ShapeMismatch, refused.Code);
        ArmStatus next = _traffic.Service.Find("scoring")!.Arms[1];
        Assert.Equal((2, 2, 1), (next.Meter.Snapshot().Requests, next.Meter.Snapshot().Failures, next.Meter.Snapshot().Fallbacks));
    }

    [Fact]
    public async Task A_static_answer_is_given_for_every_row()
    {
        StaticOutput output = new("y", TensorDataType.Int64, new TensorShape(-1), BitConverter.GetBytes(42L));
        _traffic.Service.Put(TrafficFixture.Endpoint() with { Fallback = new FallbackDefinition { Answer = [output] } });
        _traffic.Inference.Before = (_, _) => throw new InvalidOperationException("a bug");
        using InferenceRequest request = new() { ModelName = "scoring", Inputs = [TestTensors.Floats("x", [3], 1, 2, 3)] };
        using InferenceResponse response = await _traffic.Service.Inference.InferAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal([42L, 42, 42], response.Outputs[0].Values<long>());
        Assert.Equal(new RouteAssignment("scoring", "static", "fallback"), response.Assignment);
        Assert.Equal("scoring", response.Servable.ModelName);
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_and_one_that_may_not_is_not()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint(next: 100) with { Arms = [TrafficFixture.Endpoint().Arms[1] with { Weight = 100, Attempts = 3, RetryDelay = TimeSpan.Zero }] });
        int tries = 0;
        _traffic.Inference.Before = (_, _) => ++tries < 3 ? throw new SlipwayException(ErrorCode.ModelNotReady, "soon") : default;
        Assert.Equal(2, (await _traffic.AskAsync(TrafficFixture.Request())).Version);
        Assert.Equal(3, tries);

        tries = 0;
        _traffic.Inference.Before = (_, _) => { tries++; throw new SlipwayException(ErrorCode.InvalidRequest, "never"); };
        await Assert.ThrowsAsync<SlipwayException>(() => _traffic.AskAsync(TrafficFixture.Request()));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task An_arm_that_takes_longer_than_its_timeout_fails_by_name()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint() with { Arms = [TrafficFixture.Endpoint().Arms[1] with { Weight = 100, Timeout = TimeSpan.FromMilliseconds(20) }] });
        _traffic.Inference.Before = async (_, cancellation) => await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        Task<(long, RouteAssignment?)> asked = _traffic.AskAsync(TrafficFixture.Request());
        Assert.False(asked.IsCompleted);
        _traffic.Time.Advance(TimeSpan.FromMilliseconds(20));
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => asked);
        Assert.Equal(ErrorCode.DeadlineExceeded, failure.Code);
        Assert.Contains("arm 'next'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changing_weights_while_requests_run_fails_none_and_keeps_the_counts()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint());
        using CancellationTokenSource done = new();
        Task changing = Task.Run(
            () =>
            {
                for (int i = 0; !done.IsCancellationRequested; i++)
                {
                    _traffic.Service.Put(TrafficFixture.Endpoint(i % 101));
                }
            },
            TestContext.Current.CancellationToken);
        for (int i = 0; i < 5000; i++)
        {
            await _traffic.AskAsync(TrafficFixture.Request());
        }

        await done.CancelAsync();
        await changing;
        Assert.Equal(5000, _traffic.Service.Find("scoring")!.Arms.Sum(arm => arm.Meter.Snapshot().Requests));
    }

    [Fact]
    public void A_wrong_endpoint_is_refused_and_the_former_stays()
    {
        _traffic.Service.Put(TrafficFixture.Endpoint());
        SlipwayException refused = Assert.Throws<SlipwayException>(() => _traffic.Service.Put(TrafficFixture.Endpoint() with { Default = "nobody" }));
        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains("default: there is no arm 'nobody'", refused.Message, StringComparison.Ordinal);
        Assert.Equal("", _traffic.Service.Find("scoring")!.Definition.Default);
    }
}
