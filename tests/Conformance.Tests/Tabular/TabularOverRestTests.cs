using System.Text;
using System.Text.Json;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Tabular;

/// <summary>Every way in which clients send the rows of a tabular model gives the same answer: the model says 0.587 where <c>a</c> is at most 0.5, else 0.4875.</summary>
public sealed class TabularOverRestTests
{
    private static readonly double[] Expected = [1 / (1 + Math.Exp(-0.35)), 1 / (1 + Math.Exp(0.05))];

    [Theory]
    [InlineData("FP64", "[0.25,0.75]")]
    [InlineData("FP32", "[0.25,0.75]")]
    [InlineData("INT8", "[0,1]")]
    [InlineData("UINT16", "[0,1]")]
    [InlineData("INT32", "[0,1]")]
    [InlineData("INT64", "[0,1]")]
    public async Task Open_inference_takes_one_matrix_or_a_column_for_each_feature_in_any_type_that_fits(string type, string a)
    {
        await using TabularServer server = await TabularServer.StartAsync(Model);
        string[] values = a.Trim('[', ']').Split(',');
        string matrix = $$"""{"inputs":[{"name":"X","datatype":"{{type}}","shape":[2,2],"data":[{{values[0]}},9,{{values[1]}},9]}]}""";
        string columns = $$"""{"inputs":[{"name":"b","datatype":"INT32","shape":[2],"data":[9,9]},{"name":"a","datatype":"{{type}}","shape":[2,1],"data":{{a}}}]}""";
        foreach (string body in (string[])[matrix, columns])
        {
            using JsonDocument answer = JsonDocument.Parse(await server.PostAsync("v2/models/model/infer", body));
            JsonElement[] outputs = [.. answer.RootElement.GetProperty("outputs").EnumerateArray()];
            Assert.Equal(["label", "probabilities"], outputs.Select(static output => output.GetProperty("name").GetString()!));
            Close(outputs[1].GetProperty("data").EnumerateArray().Select(static value => value.GetDouble()));
        }
    }

    [Theory]
    [InlineData("""{"instances":[[0.25,9],[0.75,9]]}""")]
    [InlineData("""{"instances":[{"b":9,"a":0.25},{"a":0.75,"b":9}]}""")]
    [InlineData("""{"instances":[{"X":[0.25,9]},{"X":[0.75,9]}]}""")]
    public async Task Rows_are_lists_or_objects(string body)
    {
        await using TabularServer server = await TabularServer.StartAsync(Model);
        using JsonDocument answer = JsonDocument.Parse(await server.PostAsync("v1/models/model:predict", body));
        Close(answer.RootElement.GetProperty("predictions").EnumerateArray().SelectMany(static row => row.GetProperty("probabilities").EnumerateArray()).Select(static value => value.GetDouble()));
    }

    [Theory]
    [InlineData("""{"inputs":{"a":[0.25,0.75],"b":[9,9]}}""")]
    [InlineData("""{"inputs":{"b":[[9],[9]],"a":[[0.25],[0.75]],"other":1}}""")]
    [InlineData("""{"inputs":[[0.25,9],[0.75,9]]}""")]
    public async Task Columns_are_a_matrix_or_an_object(string body)
    {
        await using TabularServer server = await TabularServer.StartAsync(Model);
        using JsonDocument answer = JsonDocument.Parse(await server.PostAsync("v1/models/model:predict", body));
        Close(answer.RootElement.GetProperty("outputs").GetProperty("probabilities").EnumerateArray().SelectMany(static row => row.EnumerateArray()).Select(static value => value.GetDouble()));
    }

    [Theory]
    [InlineData("text/csv", "b,a\n9,0.25\n9,0.75\n")]
    [InlineData("text/csv", "0.25,9\n0.75,9\n")]
    [InlineData("application/json", """{"dataframe_records":[{"a":0.25,"b":9},{"a":0.75,"b":9}]}""")]
    [InlineData("application/json", """{"dataframe_split":{"columns":["b","a"],"data":[[9,0.25],[9,0.75]]}}""")]
    [InlineData("application/json", """{"instances":[{"a":0.25,"b":9},{"a":0.75,"b":9}]}""")]
    public async Task Frames_and_csv_are_matched_by_name(string type, string body)
    {
        await using TabularServer server = await TabularServer.StartAsync(Model);
        string answer = await server.PostAsync("invocations", body, 200, type);
        Assert.Contains("0.586", answer, StringComparison.Ordinal);
        Assert.Contains("0.487", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v2/models/model/infer", """{"inputs":[{"name":"a","datatype":"FP64","shape":[1],"data":[1]}]}""", "'b'")]
    [InlineData("v2/models/model/infer", """{"inputs":[{"name":"a","datatype":"FP64","shape":[1],"data":[1]},{"name":"b","datatype":"BYTES","shape":[1],"data":["x"]}]}""", "'b'")]
    [InlineData("v2/models/model/infer", """{"inputs":[{"name":"X","datatype":"BYTES","shape":[1,2],"data":["x","y"]}]}""", "BYTES")]
    [InlineData("v1/models/model:predict", """{"instances":[{"a":1,"c":2}]}""", "c")]
    [InlineData("v1/models/model:predict", """{"instances":[{"a":1,"b":2},{"a":1}]}""", "b")]
    [InlineData("v1/models/model:predict", """{"instances":[[1,2,3]]}""", "[1,3]")]
    public async Task What_does_not_fit_is_a_clear_400(string path, string body, string names)
    {
        await using TabularServer server = await TabularServer.StartAsync(Model);
        Assert.Contains(names, await server.PostAsync(path, body, status: 400), StringComparison.Ordinal);
    }

    private static (string Name, byte[] Content) Model => ("model.txt", Encoding.UTF8.GetBytes(LightGbmModels.Binary));

    private static void Close(IEnumerable<double> probabilities)
    {
        double[] values = [.. probabilities];
        Assert.Equal(4, values.Length);
        Assert.Equal(Expected[0], values[1], 1e-6);
        Assert.Equal(Expected[1], values[3], 1e-6);
    }
}
