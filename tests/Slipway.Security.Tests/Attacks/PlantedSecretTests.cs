using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Slipway.Security.Tests.Hosting;
using Slipway.TestKit;

namespace Slipway.Security.Tests.Attacks;

/// <summary>A feature value and a key, sent over every protocol rightly and wrongly, are found in no log, trace, metric or error.</summary>
public sealed class PlantedSecretTests
{
    private const string Text = "SECRET-c0ffee-91827";
    private const string Number = "91827364.5";

    private static readonly (string Path, string Type, string Body)[] Requests =
    [
        ("/v2/models/credit/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[{{Number}},{{Number}}]}]}"""),
        ("/v2/models/credit/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[{{Number}}]}]}"""),
        ("/v2/models/credit/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[{{Number}},"{{Text}}"]}]}"""),
        ("/v2/models/credit/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"BYTES","shape":[1,2],"data":["{{Text}}","{{Text}}"]}]}"""),
        ("/v2/models/credit/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"INT64","shape":[1,2],"data":[{{Number}},1]}]}"""),
        ("/v2/models/credit/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[{{Number}},{{Text}}]}]}"""),
        ("/v2/models/credit/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":"{{Text}}"}]}"""),
        ("/v2/models/credit/infer", "application/json", Text),
        ("/v2/models/nothing/infer", "application/json", $$"""{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["{{Text}}"]}]}"""),
        ("/v1/models/credit:predict", "application/json", $$"""{"instances":[[{{Number}},1]]}"""),
        ("/v1/models/credit:predict", "application/json", $$"""{"instances":[[{{Number}},"{{Text}}"]]}"""),
        ("/v1/models/credit:predict", "application/json", $$"""{"instances":[[{{Number}}]]}"""),
        ("/v1/models/credit:predict", "application/json", $$"""{"instances":[{"x":["{{Text}}",1]}]}"""),
        ("/v1/models/credit:predict", "application/json", $$$"""{"inputs":{"x":[[1,{{{Text}}}]]}}"""),
        ("/v1/models/credit:predict", "application/json", $$"""{"instances":"{{Text}}"}"""),
        ("/v1/models/credit:classify", "application/json", $$"""{"examples":[{"x":"{{Text}}"}]}"""),
        ("/v1/models/credit:regress", "application/json", $$"""{"examples":[{"x":{{Number}}}]}"""),
        ("/models/credit/invoke", "text/csv", $"{Number},1\n"),
        ("/models/credit/invoke", "text/csv", $"{Number},{Text}\n"),
        ("/models/credit/invoke", "text/csv", $"{Number}\n"),
        ("/models/credit/invoke", "text/csv", $"1,2\n\"{Text},2\n"),
        ("/models/credit/invoke", "application/json", $$"""[["{{Text}}",1]]"""),
        ("/models/credit/invoke", "application/json", $$"""{"inputs":[[{{Number}},"{{Text}}"]]}"""),
        ("/models/credit/invoke", "application/json", $$$"""{"dataframe_split":{"columns":["a","b"],"data":[["{{{Text}}}",{{{Number}}}]]}}"""),
        ("/models/credit/invoke", "application/json", $$"""{"dataframe_records":[{"a":"{{Text}}","b":1}]}"""),
        ("/models/scored/invoke", "application/json", $$"""{"inputs":[[{{Number}},{{Number}}]]}"""),
        ("/models/scored/invoke", "application/json", $$"""{"inputs":[[{{Number}},"{{Text}}"]]}"""),
        ("/models/scored/invoke", "application/json", $$"""{"inputs":[[{{Number}}]]}"""),
        ("/models/scored/invoke", "application/json", $$"""{"instances":[{"x":["{{Text}}",1]}]}"""),
        ("/models/scored/invoke", "application/json", $$$"""{"dataframe_split":{"columns":["a","b"],"data":[["{{{Text}}}",{{{Number}}}]]}}"""),
        ("/models/scored/invoke", "application/json", $$"""{"dataframe_records":[{"a":"{{Text}}"}]}"""),
        ("/models/scored/invoke", "application/json", $$"""{"inputs":{{Text}}}"""),
        ("/models/scored/invoke", "text/csv", $"a,b\n{Text},{Number}\n"),
        ("/models/credit/invoke", "application/x-npy", Text),
        ("/models/credit/invoke", "text/x-" + "unknown", Text),
    ];

    [Fact]
    public async Task Values_and_keys_stay_where_they_belong()
    {
        using CollectedLogs logs = new();
        ConcurrentQueue<string> traces = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name.StartsWith("Slipway", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traces.Enqueue($"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(static one => one.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        await using SecuredServer server = await SecuredServer.StartAsync(
            static options =>
            {
                options.Logging.Access = true;

                // Nobody listens there; tracing is switched on by it.
                options.Telemetry.Endpoint = new Uri("http://127.0.0.1:9");
                options.Telemetry.Metrics = false;
                options.Logging.Level = LogLevel.Trace;
            },
            services => services.AddSingleton<ILoggerProvider>(logs),
            static folder =>
            {
                folder.Write("models/scored/1/model.onnx", OnnxModels.Add(3));
                folder.Write("models/scored/1/input_example.json", $$"""{"inputs":[[{{Number}},"{{Text}}"]]}""");
                folder.Write("models/scored/1/MLmodel", """
                    flavors: {onnx: {data: model.onnx}}
                    saved_input_example_info: {artifact_path: input_example.json, type: ndarray}
                    signature: {inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]'}
                    """);
            });
        string key = server.KeyFor("admin");
        StringBuilder told = new();
        int failed = 0;
        using HttpClient client = server.Client("http", key);
        client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        foreach ((string path, string type, string body) in Requests)
        {
            using StringContent content = new(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
            using HttpResponseMessage answer = await client.PostAsync(path, content);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                failed++;
                told.Append(path).Append(' ').AppendLine(await answer.Content.ReadAsStringAsync());
            }
        }

        using GrpcClient grpc = new(server.Server.Addresses["grpc"], ClientHandler.Create(key));
        foreach (ClientTensor tensor in (ClientTensor[])
            [
                Texts("x", 2), Texts("y", 1), ClientTensor.Of("x", [1, 3], [91827364.5f, 1f, 1f]),
            ])
        {
            GrpcFailureException failure = await Assert.ThrowsAsync<GrpcFailureException>(() => grpc.InferAsync(new InferCall("credit", [tensor])));
            told.AppendLine(failure.Message);
        }

        using HttpClient wrong = server.Client("http", key[..^3] + "abc");
        using HttpResponseMessage refused = await wrong.GetAsync("/v2/models");
        told.Append(await refused.Content.ReadAsStringAsync());
        using HttpClient admin = server.Client("admin", key);
        told.Append(await admin.GetStringAsync("/metrics"));
        told.Append(string.Join('\n', server.Audit.Events));

        Assert.True(failed > 15, $"only {failed} requests failed");
        Assert.Contains("the input example that came with it is not what it takes", logs.All, StringComparison.Ordinal);
        Assert.NotEmpty(traces);
        string everything = $"{told}\n{logs.All}\n{string.Join('\n', traces)}";
        foreach (string secret in (string[])[Text, "91827364", "9.1827364", key[21..], key[21..^3]])
        {
            int at = everything.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
            Assert.True(at < 0, at < 0 ? "" : everything[Math.Max(0, at - 300)..Math.Min(everything.Length, at + 200)]);
        }
    }

    private static ClientTensor Texts(string name, int count)
    {
        byte[] text = Encoding.UTF8.GetBytes(Text);
        byte[] element = [.. BitConverter.GetBytes(text.Length), .. text];
        return new ClientTensor(name, "BYTES", [1, count], Enumerable.Repeat(element, count).SelectMany(static bytes => bytes).ToArray());
    }
}
