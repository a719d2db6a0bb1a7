using System.Buffers.Binary;
using System.Globalization;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Traffic;

/// <summary>Every kind of rule and of sticky key, from a configuration file, over every protocol that can carry it; answers name arm, reason, version and digest on each.</summary>
public sealed class RoutingMatrixTests : IAsyncLifetime
{
    private const string Settings = """
        endpoints:
          scoring:
            arms: { stable: { model: "adder:1", weight: 100 }, next: { model: "adder:2", weight: 0 } }
            stickyBy: [{ header: X-User }, inputs]
            rules:
              - { name: header, arm: next, when: { header: X-Try, is: [a, b] } }
              - { name: number, arm: next, when: { header: X-Amount, atLeast: 10, below: 20 } }
              - { name: claim, arm: next, when: { claim: tier, prefix: go } }
              - { name: parameter, arm: next, when: { parameter: trial, is: "true" } }
              - { name: window, arm: next, when: { header: X-Window, present: true }, from: 2020-01-01T00:00:00Z, until: 2999-01-01T00:00:00Z }
              - { name: over, arm: next, when: { header: X-Over, present: true }, until: 2020-01-01T00:00:00Z }
              - { name: all, arm: next, when: { header: X-All, present: true }, percentage: 100 }
              - { name: none, arm: next, when: { header: X-None, present: true }, percentage: 0 }
          sticky:
            arms: { stable: { model: "adder:1", weight: 50 }, next: { model: "adder:2", weight: 50 } }
            stickyBy: [{ header: X-User }, { parameter: user }, { input: x }]
          held:
            arms: { stable: { model: "adder:1", weight: 0 }, next: { model: "adder:2", weight: 100 } }
            holdout: 100
          layered:
            arms: { stable: { model: "adder:1", weight: 0 }, next: { model: "adder:2", weight: 100 } }
            stickyBy: { header: X-User }
            layer: { name: l, from: 0, to: 50 }
          standing:
            arms: { stable: { model: "adder:1", weight: 0 }, gone: { model: "adder:9", weight: 100 } }
            fallback: stable
          prepared:
            arms: { gone: { model: "adder:9", weight: 100 } }
            fallback: { answer: { y: { datatype: FP32, data: [7, 7] } } }
          failing:
            arms: { gone: { model: "adder:9", weight: 100 } }
        """;

    private readonly TemporaryFolder _folder = new();
    private SlipwayServer _server = null!;
    private HttpClient _http = null!;

    public static TheoryData<string> Protocols => ["v2", "grpc", "tensorflow", "tensorflow-grpc", "sagemaker"];

    public async ValueTask InitializeAsync()
    {
        _folder.Write("models/adder/1/model.onnx", OnnxModels.Add(1));
        _folder.Write("models/adder/2/model.onnx", OnnxModels.Add(2));
        _folder.Write("models/adder/model.yaml", "versionPolicy: all\n");
        ServerOptions options = ServerConfiguration.Read(_folder.Write("slipway.yaml", Settings), []);
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = Path.Combine(_folder.Root, "models");
        options.Logging.Level = LogLevel.None;
        _server = await SlipwayServer.StartAsync(options, static services => services.AddSingleton<IStartupFilter>(new TierFilter()));
        Assert.True(await _server.WaitUntilReadyAsync(CancellationToken.None));
        _http = new HttpClient { BaseAddress = _server.Addresses["http"] };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Rules_match_on_every_protocol(string protocol)
    {
        (string Name, string Value, string Reason)[] cases =
        [
            ("X-Nothing", "1", "sticky"),
            ("X-Try", "b", "rule:header"),
            ("X-Try", "c", "sticky"),
            ("X-Amount", "10", "rule:number"),
            ("X-Amount", "20", "sticky"),
            ("X-Amount", "NaN", "sticky"),
            ("X-Test-Tier", "gold", "rule:claim"),
            ("X-Test-Tier", "silver", "sticky"),
            ("X-Window", "1", "rule:window"),
            ("X-Over", "1", "sticky"),
            ("X-All", "1", "rule:all"),
            ("X-None", "1", "sticky"),
        ];
        foreach ((string name, string value, string reason) in cases)
        {
            Answer answer = await AskAsync(protocol, "scoring", (name, value));
            Assert.Equal((reason, reason == "sticky" ? "stable" : "next", reason == "sticky" ? "1" : "2", 64), (answer.Reason, answer.Arm, answer.Version, answer.Digest.Length));
        }
    }

    [Theory]
    [InlineData("v2", """{"trial":true}""", "rule:parameter")]
    [InlineData("v2", """{"trial":false}""", "sticky")]
    public async Task Rules_match_by_parameter(string protocol, string parameters, string reason) =>
        Assert.Equal(reason, (await AskAsync(protocol, "scoring", parameters: parameters)).Reason);

    [Fact]
    public async Task An_entity_gets_the_same_arm_on_every_protocol_and_entities_are_divided()
    {
        HashSet<string> arms = [];
        for (int user = 0; user < 12; user++)
        {
            string name = user.ToString(CultureInfo.InvariantCulture);
            string arm = (await AskAsync("v2", "sticky", ("X-User", name))).Arm;
            arms.Add(arm);
            foreach (string protocol in Protocols.Select(static row => row.Data).Skip(1))
            {
                Assert.Equal(arm, (await AskAsync(protocol, "sticky", ("X-User", name))).Arm);
            }

            Assert.Equal(arm, (await AskAsync("v2", "sticky", parameters: $$"""{"user":"{{name}}"}""")).Arm);
        }

        Assert.Equal(2, arms.Count);

        // Without either, the bytes of the input decide: the same on every protocol.
        Assert.Single((await Task.WhenAll(Protocols.Select(row => AskAsync(row.Data, "sticky")))).Select(static answer => (answer.Arm, answer.Reason)).Distinct());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Holdouts_layers_and_fallbacks_work_on_every_protocol(string protocol)
    {
        Assert.Equal(("holdout", "stable"), await ReasonAsync(protocol, "held"));
        Assert.Equal(("fallback", "stable"), await ReasonAsync(protocol, "standing"));
        (string, string)[] layered = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(user => ReasonAsync(protocol, "layered", ("X-User", user.ToString(CultureInfo.InvariantCulture)))))];
        Assert.Equal([("layer", "stable"), ("sticky", "next")], layered.Distinct().Order());
        if (protocol != "tensorflow-grpc" && protocol != "tensorflow" && protocol != "sagemaker")
        {
            Assert.Equal(("fallback", "static"), await ReasonAsync(protocol, "prepared"));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => ReasonAsync(protocol, "failing"));
    }

    private async Task<(string Reason, string Arm)> ReasonAsync(string protocol, string endpoint, (string Name, string Value) header = default)
    {
        Answer answer = await AskAsync(protocol, endpoint, header);
        return (answer.Reason, answer.Arm);
    }

    private async Task<Answer> AskAsync(string protocol, string endpoint, (string Name, string Value) header = default, string parameters = "{}")
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        if (protocol is "grpc" or "tensorflow-grpc")
        {
            using Metadata metadata = new(header);
            using GrpcClient client = new(_server.Addresses["grpc"], metadata);
            if (protocol == "grpc")
            {
                await client.InferAsync(new InferCall(endpoint, [ClientTensor.Of("x", [1, 2], [1f, 1f])]), cancellation);
            }
            else
            {
                await client.CallAsync("tensorflow.serving.PredictionService/Predict", GrpcClient.Frame(PredictRequest(endpoint)), cancellation);
            }

            return Answer.Of(metadata.Of);
        }

        (string path, string body) = protocol switch
        {
            "v2" => ($"/v2/models/{endpoint}/infer", $$"""{"parameters":{{parameters}},"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}"""),
            "tensorflow" => ($"/v1/models/{endpoint}:predict", """{"instances":[[1,1]]}"""),
            _ => ($"/models/{endpoint}/invoke", """{"instances":[[1,1]]}"""),
        };
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (header.Name is not null)
        {
            request.Headers.Add(header.Name, header.Value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{protocol}: {await response.Content.ReadAsStringAsync(cancellation)}");
        return Answer.Of(name => string.Join(',', response.Headers.GetValues(name)));
    }

    /// <summary>tensorflow.serving.PredictRequest with the input x = [[1, 1]].</summary>
    private static byte[] PredictRequest(string model)
    {
        byte[] numbers = new byte[8];
        BinaryPrimitives.WriteSingleLittleEndian(numbers, 1);
        BinaryPrimitives.WriteSingleLittleEndian(numbers.AsSpan(4), 1);
        byte[] shape = [.. Field(2, [0x08, 1]), .. Field(2, [0x08, 2])];
        byte[] tensor = [0x08, 1, .. Field(2, shape), .. Field(4, numbers)];
        return [.. Field(1, Field(1, Encoding.UTF8.GetBytes(model))), .. Field(2, [.. Field(1, "x"u8.ToArray()), .. Field(2, tensor)])];

        static byte[] Field(int number, byte[] value) => [(byte)((number << 3) | 2), (byte)value.Length, .. value];
    }

    private sealed record Answer(string Arm, string Reason, string Version, string Digest)
    {
        public static Answer Of(Func<string, string> header) => new(header("Slipway-Arm"), header("Slipway-Assignment"), header("Slipway-Version"), header("Slipway-Version-Digest"));
    }

    private sealed class Metadata((string Name, string Value) header) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        private HttpResponseMessage? _last;

        public string Of(string name) => string.Join(',', _last!.Headers.GetValues(name));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (header.Name is not null)
            {
                request.Headers.Add(header.Name, header.Value);
            }

            return _last = await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Stands for an authentication that finds a claim in the caller's token.</summary>
    private sealed class TierFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
        {
            application.Use((context, rest) =>
            {
                if (context.Request.Headers["X-Test-Tier"].ToString() is { Length: > 0 } tier)
                {
                    context.Features.Set<IHttpAuthenticationFeature>(new Found { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("tier", tier)], "test")) });
                }

                return rest(context);
            });
            next(application);
        };

        private sealed class Found : IHttpAuthenticationFeature
        {
            public ClaimsPrincipal? User { get; set; }
        }
    }
}
