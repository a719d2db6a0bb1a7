using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>
/// How long it takes from an alias move to the first answer of the new version, by the clocks of those who do it: the time of the move as the registry recorded it, the time of the answer
/// as its receipt says. The figure is printed; what is asserted is only that it ends.
/// </summary>
public sealed class AliasDelayTests : IDisposable
{
    private const int Moves = 10;
    private const string Body = """{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [0, 0]}]}""";

    // Many times what is promised: a loaded machine shall not fail it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly float[] Zeros = [0f, 0f];

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _files = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task First_alias_of_a_model_that_is_pushed_to_a_running_server()
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        await RunAsync("model", "push", Model(1), "--name", "m", "--url", server.Admin.ToString());
        await RunAsync("model", "alias", "m", "champion", "1", "--url", server.Admin.ToString());

        DateTimeOffset answered = await FirstAnswerAsync(server, 1);

        Report("pushed to a running server", [answered - (await MovesAsync(server))[^1]]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Moved_alias_under_load_fails_no_request(bool throughServer)
    {
        await RunAsync("model", "push", Model(1), "--name", "m", "--alias", "champion", "--data", _data.Root);
        await RunAsync("model", "push", Model(2), "--name", "m", "--data", _data.Root);
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        string[] where = throughServer ? ["--url", server.Admin.ToString()] : ["--data", _data.Root];
        await using Load load = Load.Start(server, new InferCall("m", [ClientTensor.Of("x", [1, 2], Zeros)]), rest: 2, grpc: 1);
        List<TimeSpan> delays = [];
        for (int move = 0; move < Moves; move++)
        {
            int version = 2 - (move % 2);
            await RunAsync(["model", "alias", "m", "champion", version.ToString(CultureInfo.InvariantCulture), .. where]);
            DateTimeOffset answered = await FirstAnswerAsync(server, version);
            delays.Add(answered - (await MovesAsync(server))[^1]);
        }

        await load.WaitForAsync(20);
        Assert.Empty(load.Failures);
        Report(throughServer ? "moved through the server" : "moved in the folder by another process", delays);
    }

    private static void Report(string what, List<TimeSpan> delays)
    {
        delays.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {delays.Count} times, median {delays[delays.Count / 2].TotalMilliseconds:F0} ms, longest {delays[^1].TotalMilliseconds:F0} ms"));

        Assert.All(delays, static delay => Assert.True(delay < Patience));
    }

    private static async Task<DateTimeOffset> FirstAnswerAsync(SlipwayProcess server, int version)
    {
        using HttpClient http = new() { BaseAddress = server.Http, DefaultRequestHeaders = { { "Slipway-Receipt", "true" } } };
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            using StringContent body = new(Body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri("v2/models/m/infer", UriKind.Relative), body, patience.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                using JsonDocument envelope = JsonDocument.Parse(Convert.FromBase64String(answer.Headers.GetValues("Slipway-Receipt").Single()));
                using JsonDocument statement = JsonDocument.Parse(envelope.RootElement.GetProperty("payload").GetBytesFromBase64());
                JsonElement receipt = statement.RootElement.GetProperty("predicate");
                if (receipt.GetProperty("version").GetInt32() == version)
                {
                    return receipt.GetProperty("time").GetDateTimeOffset();
                }
            }
        }
    }

    private static async Task<List<DateTimeOffset>> MovesAsync(SlipwayProcess server)
    {
        using HttpClient http = new() { BaseAddress = server.Admin };
        using JsonDocument changes = JsonDocument.Parse(await http.GetStringAsync(new Uri("api/v1/registry/events?model=m", UriKind.Relative), TestContext.Current.CancellationToken));
        return
        [
            .. changes.RootElement.EnumerateObject().Single(static member => member.Value.ValueKind == JsonValueKind.Array).Value.EnumerateArray()
                .Where(static change => change.GetProperty("kind").GetString() == "alias.moved").Select(static change => change.GetProperty("time").GetDateTimeOffset()),
        ];
    }

    private string Model(int value) => _files.Write($"add{value}.onnx", OnnxModels.Add(value));

    private static async Task RunAsync(params string[] args)
    {
        (int code, _, string errors) = await SlipwayProcess.RunAsync(args);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {code} {errors}");
    }
}
