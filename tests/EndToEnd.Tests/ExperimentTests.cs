using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.Client.Experiments;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>Experiments in the real program with real models: entities ask over HTTP, what came of it is reported, the server decides.</summary>
public sealed class ExperimentTests
{
    private const string Config = """
        endpoints:
          scoring: { arms: { stable: { model: "adder:1", weight: 50 }, next: { model: "adder:2", weight: 50 } } }
        experiments:
          trial:
            endpoint: scoring
            hypothesis: the next version converts better
            metrics: { conversion: { kind: rate } }
            primary: conversion
            guardrails: { errors: 0.05 }
            minimalEffect: 0.05
        """;

    [Fact]
    public async Task A_better_version_is_found_across_a_restart_and_its_report_is_written()
    {
        using TemporaryFolder files = Prepare();
        string[] serve = ["--models", files.PathOf("models"), "--config", files.PathOf("slipway.yaml"), "--data", files.PathOf("data")];
        Random random = new(1);
        await using (SlipwayProcess first = await SlipwayProcess.ServeAsync(serve))
        {
            await DriveAsync(first, Enumerable.Range(0, 120), arm => random.NextDouble() < (arm == "next" ? 0.9 : 0.3));
            await WaitAsync(first, static now => now.Arms.Sum(static arm => arm.Units) == 120);
            first.Terminate();
            Assert.Equal(0, await first.WaitForExitAsync());
        }

        await using SlipwayProcess second = await SlipwayProcess.ServeAsync(serve);
        Assert.Equal("running", (await StatusAsync(second)).Phase);

        // The same entities again: nobody counts twice.
        await DriveAsync(second, Enumerable.Range(0, 60), _ => true);
        Assert.Equal(120, (await StatusAsync(second)).Arms.Sum(static arm => arm.Units));
        await DriveAsync(second, Enumerable.Range(120, 380), arm => random.NextDouble() < (arm == "next" ? 0.9 : 0.3));
        ExperimentDescription over = await WaitAsync(second, static now => now.IsOver);
        Assert.Equal(("concluded", "next is better"), (over.Phase, over.Reason));
        Assert.InRange(over.Arms.Sum(static arm => arm.Units), 200, 500);

        foreach (string format in (string[])["html", "md", "json"])
        {
            string file = files.PathOf("report." + format);
            (int code, _, string errors) = await SlipwayProcess.RunAsync("experiment", "report", "trial", "--format", format, "--output", file, "--url", second.Admin.ToString());
            Assert.True(code == 0, errors);
            Assert.Contains("the next version converts better", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        (int status, string output, _) = await SlipwayProcess.RunAsync("experiment", "status", "trial", "--wait", "--url", second.Admin.ToString());
        Assert.Equal(0, status);
        Assert.Contains("next is better", output, StringComparison.Ordinal);
        (int refused, _, string why) = await SlipwayProcess.RunAsync("experiment", "start", "trial", "--url", second.Admin.ToString());
        Assert.NotEqual(0, refused);
        Assert.Contains("runs once", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_half_of_one_arms_entities_blocks_the_conclusion()
    {
        using TemporaryFolder files = Prepare();
        string plain = files.Write("plain.yaml", Config[..Config.IndexOf("experiments:", StringComparison.Ordinal)]);
        int[] kept;
        await using (SlipwayProcess before = await SlipwayProcess.ServeAsync("--models", files.PathOf("models"), "--config", plain))
        {
            // Assignments depend on nothing but names: a server without the experiment tells them, and four in five of one arm never ask the other.
            using HttpClient http = new() { BaseAddress = before.Http };
            List<int> found = [];
            for (int i = 0; i < 400; i++)
            {
                if (await AskAsync(http, $"entity-{i}") == "stable" || i % 5 == 0)
                {
                    found.Add(i);
                }
            }

            kept = [.. found];
        }

        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", files.PathOf("models"), "--config", files.PathOf("slipway.yaml"), "--data", files.PathOf("data"));
        await DriveAsync(server, kept, static arm => arm == "next");
        ExperimentDescription now = await WaitAsync(server, static one => one.Blocked);
        Assert.Equal("running", now.Phase);
        Assert.All(now.Arms, static arm => Assert.Null(arm.Verdict));
        (int code, string output, _) = await SlipwayProcess.RunAsync("experiment", "stop", "trial", "--url", server.Admin.ToString());
        Assert.Equal(0, code);
        Assert.Contains("BLOCKED", output, StringComparison.Ordinal);
    }

    private static TemporaryFolder Prepare()
    {
        TemporaryFolder files = new();
        files.Write("models/adder/1/model.onnx", OnnxModels.Add(1, width: 1));
        files.Write("models/adder/2/model.onnx", OnnxModels.Add(2, width: 1));
        files.Write("models/adder/model.yaml", "versionPolicy: all\n");
        files.Write("slipway.yaml", Config);
        return files;
    }

    /// <summary>Entities ask, and report what they did.</summary>
    private static async Task DriveAsync(SlipwayProcess server, IEnumerable<int> entities, Func<string, bool> converts)
    {
        using HttpClient http = new() { BaseAddress = server.Http };
        using ExperimentClient client = new(server.Admin);
        List<FeedbackItem> items = [];
        foreach (int i in entities)
        {
            string entity = $"entity-{i}";
            items.Add(new FeedbackItem("scoring", "conversion", converts(await AskAsync(http, entity)) ? 1 : 0) { Entity = entity });
        }

        FeedbackAnswer answer = await client.ReportFeedbackAsync(new FeedbackRequest(items), TestContext.Current.CancellationToken);
        Assert.Equal(items.Count, answer.Taken + answer.Ignored);
    }

    private static async Task<string> AskAsync(HttpClient http, string entity)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, "/v2/models/scoring/infer");
        message.Headers.Add("Slipway-Entity", entity);
        message.Content = JsonContent.Create(JsonNode.Parse("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}]}"""));
        using HttpResponseMessage response = await http.SendAsync(message, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return Assert.Single(response.Headers.GetValues("Slipway-Arm"));
    }

    private static Task<ExperimentDescription> StatusAsync(SlipwayProcess server) => WaitAsync(server, static _ => true);

    private static async Task<ExperimentDescription> WaitAsync(SlipwayProcess server, Func<ExperimentDescription, bool> until)
    {
        using ExperimentClient client = new(server.Admin);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            ExperimentDescription now = await client.GetAsync("trial", patience.Token);
            if (until(now))
            {
                return now;
            }

            await Task.Delay(200, patience.Token);
        }
    }
}
