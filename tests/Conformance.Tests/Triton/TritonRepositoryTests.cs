using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Triton;

/// <summary>Triton's example repository, and its configurations that only meet their match in the model, on a running server.</summary>
public sealed class TritonRepositoryTests
{
    // Sum and difference of the two inputs, as documented; strings hold numbers.
    [Theory]
    [InlineData("simple", "INT32")]
    [InlineData("simple_string", "BYTES")]
    public async Task The_example_models_answer(string name, string datatype)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using SlipwayServer server = await StartAsync(Assets.PathOf("triton-repository/model_repository"));
        using HttpClient client = new() { BaseAddress = server.Addresses["http"] };
        object[] data = [.. Enumerable.Range(0, 16).Select(value => datatype == "BYTES" ? (object)$"{value}" : value)];

        HttpResponseMessage response = await client.PostAsJsonAsync(
            $"/v2/models/{name}/infer",
            new { inputs = new[] { "INPUT0", "INPUT1" }.Select(input => new { name = input, datatype, shape = new[] { 1, 16 }, data }) },
            TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (JsonElement output in answer.RootElement.GetProperty("outputs").EnumerateArray())
        {
            bool sum = output.GetProperty("name").GetString() == "OUTPUT0";
            Assert.Equal(
                Enumerable.Range(0, 16).Select(value => $"{(sum ? 2 * value : 0)}"),
                output.GetProperty("data").EnumerateArray().Select(static value => value.ToString()));
        }
    }

    [Theory]
    [InlineData("bad_input_dims", "[-1,16,1]")]
    [InlineData("too_few_inputs", "INPUT0")]
    [InlineData("unknown_output", "OUTPUT_UNKNOWN")]
    public async Task A_configuration_that_does_not_fit_its_model_fails_to_load_and_says_why(string name, string reason)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using TemporaryFolder models = new();
        Extract($"autofill_noplatform/onnx/{name}/", name, models);
        await using SlipwayServer server = await StartAsync(models.Root);

        Assert.True(server.Services.GetRequiredService<IModelCatalog>().TryGetModel(name, out ModelSnapshot? model));

        VersionSnapshot version = Assert.Single(model.Versions);
        Assert.Equal(ServableState.Failed, version.State);
        Assert.Contains(reason, version.Reason, StringComparison.Ordinal);
    }

    private static async Task<SlipwayServer> StartAsync(string models)
    {
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = models;
        options.Logging.Level = LogLevel.None;
        SlipwayServer server = await SlipwayServer.StartAsync(options);
        Assert.True(await server.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        return server;
    }

    private static void Extract(string prefix, string name, TemporaryFolder models)
    {
        using GZipStream unpacked = new(File.OpenRead(Assets.PathOf("triton-repository/model-config.tar.gz")), CompressionMode.Decompress);
        using TarReader tar = new(unpacked);
        while (tar.GetNextEntry() is { } entry)
        {
            int at = entry.Name.IndexOf(prefix, StringComparison.Ordinal);
            if (at >= 0 && entry.DataStream is not null)
            {
                using MemoryStream bytes = new();
                entry.DataStream.CopyTo(bytes);
                models.Write($"{name}/{entry.Name[(at + prefix.Length)..]}", bytes.ToArray());
            }
        }

        models.Age(TimeSpan.FromMinutes(1));
    }
}
