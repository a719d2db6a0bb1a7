using System.Collections.Concurrent;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Onnx;

/// <summary>Every model of the conformance data through the whole server, over each protocol, against figures that others computed.</summary>
[Trait("Category", "Slow")]
public sealed class OnnxOverProtocolsTests(OnnxServer server, ITestOutputHelper output) : IClassFixture<OnnxServer>
{
    // Cases that no protocol can carry, with the reason. A case that is here and passes fails the test.
    private static readonly Dictionary<string, string> Exceptions = [];

    [Fact]
    public async Task Every_case_passes_over_REST_in_binary()
    {
        using SlipwayClient client = Connect("http", address => new SlipwayClient(address));
        await RunAsync(call => client.InferAsync(call), _ => null);
    }

    [Fact]
    public async Task Every_case_passes_over_gRPC()
    {
        using GrpcClient client = Connect("grpc", address => new GrpcClient(address));
        await RunAsync(call => client.InferAsync(call), _ => null);
    }

    [Fact]
    public async Task Every_case_that_JSON_can_carry_passes_over_REST_in_JSON()
    {
        using SlipwayClient client = Connect("http", address => new SlipwayClient(address));
        await RunAsync(call => client.InferAsync(call with { Binary = false }), WhyNotJson);
    }

    [Fact]
    public async Task Every_bad_model_is_refused()
    {
        using SlipwayClient client = Connect("http", address => new SlipwayClient(address));
        foreach (string name in OnnxTestCases.MustFailNames)
        {
            SlipwayClientException refusal = await Assert.ThrowsAsync<SlipwayClientException>(() => client.InferAsync(new InferCall(OnnxServer.ModelName(name), [])));
            Assert.NotEqual("", refusal.Message);
        }
    }

    // FP16 and BF16 have no JSON form in Open Inference; NaN and infinities are no JSON numbers; a string in JSON must be UTF-8.
    private static string? WhyNotJson(OnnxTestCase testCase)
    {
        foreach (Tensor tensor in testCase.Inputs.Concat(testCase.Expected))
        {
            switch (tensor.DataType)
            {
                case TensorDataType.Float16 or TensorDataType.BFloat16:
                    return tensor.DataType.ToName();
                case TensorDataType.Float32 or TensorDataType.Float64 when Array.Exists(TensorComparison.Numbers(tensor), number => !double.IsFinite(number)):
                    return "not finite";
                default:
                    break;
            }
        }

        return null;
    }

    private static ClientTensor ToClient(Tensor tensor) => new(tensor.Name, tensor.DataType.ToName(), tensor.Shape.Dimensions.ToArray(), tensor.Data);

    private static Tensor ToCore(ClientTensor tensor) =>
        new(tensor.Name, Enum.GetValues<TensorDataType>().Single(type => type != TensorDataType.Undefined && type.ToName() == tensor.Datatype), new TensorShape([.. tensor.Shape]), tensor.Data);

    private T Connect<T>(string listener, Func<Uri, T> connect)
    {
        Assert.SkipWhen(server.Running is null, Assets.Missing);
        return connect(server.Running!.Addresses[listener]);
    }

    private async Task RunAsync(Func<InferCall, Task<InferResult>> infer, Func<OnnxTestCase, string?> whyNot)
    {
        ConcurrentDictionary<string, string> failures = [];
        List<string> left = [];
        int passed = 0;
        foreach (string name in OnnxTestCases.RunnableNames)
        {
            OnnxTestCase testCase = OnnxTestCases.Load(name);
            if (whyNot(testCase) is { } reason)
            {
                left.Add($"{name}: {reason}");
                continue;
            }

            if (await DifferenceAsync(testCase, infer) is { } difference)
            {
                failures[name] = difference;
            }
            else
            {
                passed++;
            }
        }

        output.WriteLine($"{passed} passed, {failures.Count} differ, {left.Count} can't be carried");
        left.ForEach(output.WriteLine);
        Assert.Equal(Exceptions.Keys.Order(StringComparer.Ordinal), failures.Keys.Order(StringComparer.Ordinal));
    }

    private async Task<string?> DifferenceAsync(OnnxTestCase testCase, Func<InferCall, Task<InferResult>> infer)
    {
        InferResult result;
        try
        {
            result = await infer(new InferCall(OnnxServer.ModelName(testCase.Name), [.. testCase.Inputs.Select(ToClient)]));
        }
        catch (Exception failure) when (failure is SlipwayClientException or GrpcFailureException or NotSupportedException)
        {
            return Report(testCase, failure.Message);
        }

        foreach (Tensor expected in testCase.Expected)
        {
            if (result.Outputs.FirstOrDefault(candidate => candidate.Name == expected.Name) is not { } actual)
            {
                return Report(testCase, $"no output '{expected.Name}'");
            }

            if (TensorComparison.Difference(expected, ToCore(actual), testCase.RelativeTolerance, testCase.AbsoluteTolerance, testCase.IsLoose) is { } difference)
            {
                return Report(testCase, difference);
            }
        }

        return null;
    }

    private string Report(OnnxTestCase testCase, string difference)
    {
        output.WriteLine($"{testCase.Name}: {difference}");
        return difference;
    }
}
