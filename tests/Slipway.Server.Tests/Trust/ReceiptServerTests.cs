using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Trust.Keys;
using Slipway.Trust.Receipts;

namespace Slipway.Server.Tests.Trust;

public sealed class ReceiptServerTests : IDisposable
{
    private const string Body = """{"id":"q-1","inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/v2/models/m/infer")]
    [InlineData("/v2/models/m/versions/1/infer")]
    public async Task An_answer_comes_with_a_receipt_when_it_is_asked_for(string route)
    {
        await using SlipwayServer server = await StartAsync(withData: true);
        using HttpResponseMessage response = await PostAsync(server, route, "true");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        byte[] signed = Convert.FromBase64String(Assert.Single(response.Headers.GetValues("Slipway-Receipt")));
        Receipt receipt = Receipt.Open(signed, [OwnKey.FindPublic(_folder.PathOf("data"), "receipt-key")!]);
        float[] inputs = [1, 2], outputs = [2, 3];
        Assert.Equal(("m", 1L, "q-1"), (receipt.Model, receipt.Version, receipt.RequestId));
        Assert.Equal(TensorDigest.Of([Make("x", inputs)]), receipt.InputDigest);
        Assert.Equal(TensorDigest.Of([Make("y", outputs)]), receipt.OutputDigest);
        using HttpClient client = new();
        using JsonDocument model = JsonDocument.Parse(await client.GetStringAsync(new Uri(server.Addresses["admin"], "/api/v1/models/m"), TestContext.Current.CancellationToken));
        Assert.Equal(model.RootElement.GetProperty("versions")[0].GetProperty("digest").GetString(), receipt.ModelDigest);
    }

    [Fact]
    public async Task Without_the_header_or_an_answer_there_is_none()
    {
        await using SlipwayServer server = await StartAsync(withData: true);
        foreach (string? header in new[] { null, "false" })
        {
            using HttpResponseMessage response = await PostAsync(server, "/v2/models/m/infer", header);
            Assert.False(response.Headers.Contains("Slipway-Receipt"));
        }

        using HttpResponseMessage unknown = await PostAsync(server, "/v2/models/nothing/infer", "true");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.False(unknown.Headers.Contains("Slipway-Receipt"));
    }

    [Fact]
    public async Task A_server_without_a_key_says_so_instead_of_answering_without()
    {
        await using SlipwayServer server = await StartAsync(withData: false);
        using HttpResponseMessage response = await PostAsync(server, "/v2/models/m/infer", "true");
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Contains("security.receipts.key", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static Tensor Make(string name, float[] values) =>
        new(name, TensorDataType.Float32, new TensorShape([1, values.Length]), System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private async Task<SlipwayServer> StartAsync(bool withData)
    {
        _folder.Write("models/m.onnx", OnnxModels.Add(1));
        _folder.Age(TimeSpan.FromMinutes(5));
        ServerOptions options = new() { Data = withData ? _folder.PathOf("data") : null };
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = _folder.PathOf("models");
        options.Logging.Level = LogLevel.None;
        SlipwayServer server = await SlipwayServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await server.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        return server;
    }

    private static async Task<HttpResponseMessage> PostAsync(SlipwayServer server, string route, string? header)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server.Addresses["http"], route)) { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        if (header is not null)
        {
            request.Headers.Add("Slipway-Receipt", header);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
