using System.Text;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>Repositories of other servers are taken into the registry, and answer as they did there.</summary>
public sealed class ImportTests : IDisposable
{
    private static readonly float[] Zeros = [0f, 0f];

    private readonly TemporaryFolder _files = new();
    private readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _files.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task TensorFlow_Servings_base_path_and_list_of_models_are_taken_over_with_their_labels()
    {
        _files.Write("serving/add/1/model.onnx", OnnxModels.Add(1));
        _files.Write("serving/add/3/model.onnx", OnnxModels.Add(3));
        string list = _files.Write("models.config", $$"""
            model_config_list {
              config {
                name: "listed"
                base_path: "{{_files.PathOf("serving/add")}}"
                model_platform: "tensorflow"
                model_version_policy { all {} }
                version_labels { key: "stable" value: 1 }
              }
            }
            """);

        Assert.Equal("add: versions 1, 3 as 2; champion→2", await ImportAsync("tfserving", _files.PathOf("serving/add")));
        Assert.Equal("listed: versions 1, 3 as 2; stable→1", await ImportAsync("tfserving", list));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(server.Http);

        Assert.Equal(3f, (float)(await client.InferAsync(Call("add")))["y"][0]);
        Assert.Equal(1f, (float)(await client.InferAsync(Call("listed") with { Version = "stable" }))["y"][0]);
    }

    [Fact]
    public async Task TensorFlow_Servings_sample_model_answers_after_it_was_taken_over()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string model = Directory.EnumerateDirectories(Assets.PathOf("tf-savedmodel/half_plus_two"), "*", SearchOption.AllDirectories)
            .First(static folder => File.Exists(Path.Combine(folder, "saved_model.pb")));
        foreach (string file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            _files.Write($"half_plus_two/123/{Path.GetRelativePath(model, file)}", await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        }

        Assert.Equal("half_plus_two: version 123 as 1; champion→1", await ImportAsync("tfserving", _files.PathOf("half_plus_two")));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using HttpClient http = new() { BaseAddress = server.Http };
        using StringContent body = new("""{"instances": [1.0, 2.0, 5.0]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri("v1/models/half_plus_two:predict", UriKind.Relative), body, TestContext.Current.CancellationToken);

        Assert.Matches(@"\[\s*2\.5,\s*3\.0,\s*4\.5\s*\]", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Models_of_a_live_tracking_server_are_taken_over_with_aliases_and_tags_and_once()
    {
        using TemporaryFolder source = new();
        await using SlipwayProcess other = await SlipwayProcess.ServeAsync("--data", source.Root);
        using (MlflowClient client = new(other.Admin))
        {
            (string experiment, string run, string artifacts) = await client.StartRunAsync("lab");
            Dictionary<string, byte[]> files = new()
            {
                ["MLmodel"] = "flavors:\n  onnx: {data: weights/net.onnx}\n"u8.ToArray(),
                ["weights/net.onnx"] = OnnxModels.Add(4),
            };
            await client.RegisterAsync("adder", await client.LogModelAsync(run, artifacts, "model", files), run);
            files["weights/net.onnx"] = OnnxModels.Add(5);
            string model = await client.LogModelAsync(experiment, run, files);
            await client.SetAliasAsync("adder", "champion", await client.RegisterAsync("adder", $"models:/{model}", run, model));
            await client.CallAsync("POST", "registered-models/set-tag", System.Text.Json.Nodes.JsonNode.Parse("""{"name": "adder", "key": "team", "value": "sums"}"""));
        }

        // What was never MLflow's can be taken over through its API as well.
        string url = other.Admin.ToString();
        await SlipwayProcess.RunAsync("model", "push", _files.Write("native.onnx", OnnxModels.Add(9)), "--name", "native model", "--alias", "champion", "--url", url);
        Assert.Equal("adder: versions 1, 2; champion→2\nnative model: version 1; champion→1", await ImportAsync("mlflow", url));
        Assert.Equal("adder: versions 1, 2\nnative model: version 1", await ImportAsync("mlflow", url));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient asked = new(server.Http);

        Assert.Equal(5f, (float)(await asked.InferAsync(Call("adder")))["y"][0]);
        Assert.Equal(9f, (float)(await asked.InferAsync(Call("native model")))["y"][0]);
        (_, string shown, _) = await SlipwayProcess.RunAsync("model", "show", "adder", "--json", "--url", server.Admin.ToString());
        Assert.Contains("sums", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_store_is_taken_over_and_what_it_names_outside_of_itself_is_not()
    {
        _files.Write("lab/mlruns/1/abc/artifacts/model/MLmodel", "flavors:\n  onnx: {data: model.onnx}\n");
        _files.Write("lab/mlruns/1/abc/artifacts/model/model.onnx", OnnxModels.Add(6));
        _files.Write("lab/mlruns/1/models/m-7/artifacts/model.onnx", OnnxModels.Add(7));
        _files.Write("secret/artifacts/model.onnx", OnnxModels.Add(8));
        Directory.CreateSymbolicLink(_files.PathOf("lab/mlruns/1/link"), _files.PathOf("secret"));
        _files.Write("lab/mlruns/models/adder/meta.yaml", "name: adder\ndescription: sums\n");
        _files.Write("lab/mlruns/models/adder/aliases/champion", "1");
        foreach ((int number, string location) in new[]
        {
            (1, "file:///home/ana/lab/mlruns/1/abc/artifacts/model"), (2, "models:/m-7"), (3, "models:/m-7/../../../../../secret"),
            (4, "/home/ana/mlruns/../../secret"), (5, "file:///home/ana/mlruns/1/link/artifacts"), (6, "s3://bucket/model"),
        })
        {
            _files.Write($"lab/mlruns/models/adder/version-{number}/meta.yaml", $"name: adder\nversion: {number}\nsource: {location}\n");
        }

        (int code, string output, string errors) = await SlipwayProcess.RunAsync("import", "mlflow", _files.PathOf("lab"), "--data", _data.Root);

        Assert.True(code == 0, errors);
        Assert.Equal("adder: versions 1, 2; champion→1", output.Trim());
        Assert.All((int[])[3, 4, 5, 6], number => Assert.Contains($"version {number} is not taken over", errors, StringComparison.Ordinal));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(server.Http);
        Assert.Equal(6f, (float)(await client.InferAsync(Call("adder")))["y"][0]);
    }

    [Theory]
    [InlineData(1, "does not answer as an MLflow server", "mlflow")]
    [InlineData(3, "no folder 'models'", "mlflow", "EMPTY")]
    [InlineData(3, "there is no file or folder", "tfserving", "nothing")]
    public async Task Sources_that_are_none_are_refused_in_a_line(int status, string expected, string kind, string? path = null)
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync();
        path = path switch { null => server.Http + "nowhere", "EMPTY" => _files.Root, _ => path };

        (int code, string output, string errors) = await SlipwayProcess.RunAsync("import", kind, path, "--data", _data.Root);

        Assert.True((status, "") == (code, output), errors);
        Assert.True(errors.Contains(expected, StringComparison.Ordinal) || (status == 1 && errors.Contains("404", StringComparison.Ordinal)), errors);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static InferCall Call(string model) => new(model, [ClientTensor.Of("x", [1, 2], Zeros)]);

    private async Task<string> ImportAsync(params string[] args)
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync(["import", .. args, "--data", _data.Root]);
        Assert.True(code == 0, $"{code} {errors}");
        return output.Trim();
    }
}
