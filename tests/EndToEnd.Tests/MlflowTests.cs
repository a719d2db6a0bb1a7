using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>From training to predictions: what MLflow's clients log and register over HTTP answers on the data plane of the real program.</summary>
public sealed class MlflowTests : IDisposable
{
    private const string PmmlMLmodel = """
        flavors:
          pmml:
            data: model.pmml
            pmml_version: "4.4"
        mlflow_version: 2.17.3
        signature:
          inputs: '[{"type": "double", "name": "x", "required": true}]'
          outputs: '[{"type": "double", "name": "y"}]'
          params: null
        saved_input_example_info: {artifact_path: input_example.json, type: dataframe, pandas_orient: split}
        """;

    private const string Pmml = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/>
          <DataDictionary>
            <DataField name="x" optype="continuous" dataType="double"/><DataField name="y" optype="continuous" dataType="double"/>
          </DataDictionary>
          <RegressionModel functionName="regression">
            <MiningSchema><MiningField name="x"/><MiningField name="y" usageType="target"/></MiningSchema>
            <RegressionTable intercept="2"><NumericPredictor name="x" coefficient="0.5"/></RegressionTable>
          </RegressionModel>
        </PMML>
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Scikit_learn_model_that_a_client_of_3_logs_and_registers_answers_as_it_did_in_python()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using MlflowClient client = new(server.Admin);
        (string experiment, string run, _) = await client.StartRunAsync("iris");

        string model = await client.LogModelAsync(experiment, run, Files("logged-sklearn-3.6.1"));
        string version = await client.RegisterAsync("iris", $"models:/{model}", run, model);
        await client.SetAliasAsync("iris", "champion", version);

        JsonNode known = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Assets.Root, "mlflow/logged-sklearn.v2.json"), TestContext.Current.CancellationToken))!;
        double[] expected = Data(known["outputs"]!, "predict");
        JsonNode question = new JsonObject { ["inputs"] = known["inputs"]!.DeepClone() };
        Assert.Equal(expected, Data((await AskAsync(server, "v2/models/iris/infer", question))["outputs"]!, "label"));
        Assert.Equal(expected, Data((await AskAsync(server, "v2/models/iris/versions/champion/infer", question))["outputs"]!, "label"));
        JsonNode scored = await AskAsync(server, "invocations", Encoding.UTF8.GetString(Files("logged-sklearn-3.6.1")["serving_input_example.json"]));
        Assert.Equal([0, 0], scored["predictions"]!.AsArray().Select(static value => (int)value!));
        await UntilLoggedAsync(server, "Model iris was warmed up with the input example that came with it");
        (int code, string shown, _) = await SlipwayProcess.RunAsync("model", "show", "iris:1", "--json", "--url", server.Admin.ToString());
        Assert.Equal(0, code);
        Assert.Equal("petal length (cm)", (string)JsonNode.Parse(shown)!["signature"]!["inputs"]![2]!["name"]!);
        Assert.Equal(run, (string)JsonNode.Parse(shown)!["runId"]!);
    }

    [Fact]
    public async Task Onnx_model_with_weights_beside_it_that_a_client_of_2_logs_below_its_run_answers()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using MlflowClient client = new(server.Admin);
        (_, string run, string artifacts) = await client.StartRunAsync("cancer");

        string source = await client.LogModelAsync(run, artifacts, "model", Files("logged-onnx-3.6.1"));
        await client.SetAliasAsync("cancer", "champion", await client.RegisterAsync("cancer", source, run));

        JsonNode known = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Assets.Root, "mlflow/logged-onnx.v2.json"), TestContext.Current.CancellationToken))!;
        double[] expected = Data(known["outputs"]!, "output");
        double[] answered = Data((await AskAsync(server, "v2/models/cancer/infer", new JsonObject { ["inputs"] = known["inputs"]!.DeepClone() }))["outputs"]!, "output");
        Assert.Equal(expected.Length, answered.Length);
        Assert.All(expected.Zip(answered), static pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        JsonArray rows = [.. Data(known["inputs"]!, "input").Chunk(30).Select(static row => new JsonArray([.. row.Select(static value => JsonValue.Create(value))]))];
        JsonNode scored = await AskAsync(server, "invocations", new JsonObject { ["inputs"] = rows });
        Assert.Equal(expected.Length, scored["predictions"]!["output"]!.AsArray().Count);
    }

    [Fact]
    public async Task Pmml_document_with_an_mlmodel_file_answers_and_a_moved_alias_moves_it()
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using MlflowClient client = new(server.Admin);
        (_, string run, string artifacts) = await client.StartRunAsync("half");
        string first = await client.LogModelAsync(run, artifacts, "first", PmmlFiles(Pmml));
        string second = await client.LogModelAsync(run, artifacts, "second", PmmlFiles(Pmml.Replace("intercept=\"2\"", "intercept=\"20\"", StringComparison.Ordinal)));
        await client.SetAliasAsync("half", "champion", await client.RegisterAsync("half", first, run));
        string challenger = await client.RegisterAsync("half", second, run);
        await client.SetAliasAsync("half", "challenger", challenger);

        const string question = """{"dataframe_split": {"columns": ["x"], "data": [[1], [4]]}}""";
        double[] before = Predictions(await AskAsync(server, "invocations", question));
        Assert.Equal([2.5, 4], before);
        await UntilLoggedAsync(server, "was warmed up with the input example");
        JsonNode asked = JsonNode.Parse("""{"inputs": [{"name": "x", "datatype": "FP64", "shape": [1], "data": [4]}]}""")!;
        double[] challenged = Data((await AskAsync(server, "v2/models/half/versions/challenger/infer", asked))["outputs"]!, "y");
        Assert.Equal([22], challenged);

        await client.SetAliasAsync("half", "champion", challenger);

        using CancellationTokenSource patience = new(Patience);
        double[] answered = [];
        while (!answered.SequenceEqual([20.5, 22]))
        {
            answered = Predictions(await AskAsync(server, "invocations", question));
            await Task.Delay(10, patience.Token);
        }
    }

    private static Dictionary<string, byte[]> Files(string model) =>
        Directory.EnumerateFiles(Path.Combine(Assets.Root!, "mlflow/models", model)).ToDictionary(static file => Path.GetFileName(file), File.ReadAllBytes);

    private static Dictionary<string, byte[]> PmmlFiles(string document) => new()
    {
        ["MLmodel"] = Encoding.UTF8.GetBytes(PmmlMLmodel),
        ["model.pmml"] = Encoding.UTF8.GetBytes(document),
        ["input_example.json"] = """{"columns": ["x"], "data": [[3.5]]}"""u8.ToArray(),
    };

    // Until the alias that was just given is served, a model is not found or not ready.
    private static async Task<JsonNode> AskAsync(SlipwayProcess server, string path, JsonNode body)
    {
        using HttpClient http = new() { BaseAddress = server.Http };
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            using StringContent content = new(body is JsonValue text ? (string)text! : body.ToJsonString(), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
            string said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return JsonNode.Parse(said)!;
            }

            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable, $"{path}: {(int)answer.StatusCode} {said}\n{server.Errors}");
            await Task.Delay(10, patience.Token);
        }
    }

    // What a process writes is read a little after it was written.
    private static async Task UntilLoggedAsync(SlipwayProcess server, string text)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!server.Errors.Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private static double[] Data(JsonNode tensors, string name) =>
        [.. tensors.AsArray().Single(tensor => (string)tensor!["name"]! == name)!["data"]!.AsArray().Select(static value => double.Parse(value!.ToString(), CultureInfo.InvariantCulture))];

    private static double[] Predictions(JsonNode answer) =>
        [.. answer["predictions"]!.AsArray().Select(static value => value is JsonObject row ? (double)row.First().Value! : (double)value!)];
}
