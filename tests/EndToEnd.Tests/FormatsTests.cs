using System.Text;
using System.Text.Json;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>Models of other kinds than ONNX, served as they are from one folder.</summary>
public sealed class FormatsTests
{
    [Fact]
    public async Task A_folder_of_many_formats_is_served_as_it_is()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using TemporaryFolder models = new();
        Copy("tf-savedmodel/half_plus_two", models.PathOf("half_plus_two"));
        models.Write("iris/1/model.pmml", File.ReadAllBytes(Assets.PathOf("pmml/csv/transpiler/DecisionTreeIris.pmml")));
        models.Write("cancer.pkl", File.ReadAllBytes(Assets.PathOf("sklearn/models/gridsearch_logreg_best.p4.pkl")));
        models.Age(TimeSpan.FromMinutes(1));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", models.Root);
        Assert.Equal(3, server.Models);
        using HttpClient http = new() { BaseAddress = server.Http };

        // The request and the answer of TensorFlow Serving's tutorial.
        JsonElement tutorial = await PostAsync(http, "v1/models/half_plus_two:predict", """{"instances": [1.0, 2.0, 5.0]}""");
        Assert.Equal([2.5, 3.0, 4.5], tutorial.GetProperty("predictions").EnumerateArray().Select(static value => value.GetDouble()));

        JsonElement metadata = await GetAsync(http, "v2/models/iris");
        Assert.Equal("pmml", metadata.GetProperty("platform").GetString());
        JsonElement flower = await PostAsync(
            http, "v1/models/iris:predict", """{"instances": [{"Sepal.Length": 5.1, "Petal.Length": 1.4, "Petal.Width": 0.2}]}""");
        Assert.Equal("setosa", flower.GetProperty("predictions")[0].GetProperty("Species").GetString());

        string features = string.Join(',', Enumerable.Repeat("1.0", 30));
        JsonElement cancer = await PostAsync(
            http, "v2/models/cancer/infer", $$"""{"inputs": [{"name": "X", "datatype": "FP32", "shape": [1, 30], "data": [{{features}}]}], "outputs": [{"name": "probabilities"}]}""");
        double[] probabilities = [.. cancer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(static value => value.GetDouble())];
        Assert.Equal(1, probabilities.Sum(), 1e-12);
    }

    private static void Copy(string asset, string target)
    {
        string source = Assets.PathOf(asset);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) =>
        JsonDocument.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;
}
