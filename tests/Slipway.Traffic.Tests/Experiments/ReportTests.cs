using System.Text.Json;
using System.Xml.Linq;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;
using Slipway.Traffic.Experiments.Reporting;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Experiments;

public sealed class ReportTests
{
    [Fact]
    public async Task A_page_has_every_table_a_plot_and_nothing_from_elsewhere()
    {
        await using ExperimentWorld world = await FinishedAsync();
        string page = HtmlReport.Write(world.State);
        foreach (string part in (string[])["Division of units", "Primary metric", "As a Bayesian sees it", "Guardrails", "Secondary metrics", "Segments", "What happened", "<svg", "class=\"band\""])
        {
            Assert.Contains(part, page, StringComparison.Ordinal);
        }

        foreach (string absent in (string[])["<script", "http://", "https://", "src=", "url(", "@import", "NaN", "Infinity"])
        {
            Assert.DoesNotContain(absent, page, StringComparison.OrdinalIgnoreCase);
        }

        int from = page.IndexOf("<svg", StringComparison.Ordinal);
        XElement plot = XElement.Parse(page[from..(page.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        Assert.Equal(2, plot.Elements("path").Count());
    }

    [Fact]
    public async Task What_people_and_requests_wrote_stays_text()
    {
        await using ExperimentWorld world = await FinishedAsync();
        string page = HtmlReport.Write(world.State);
        Assert.Contains("&lt;img onerror=1&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        string markdown = MarkdownReport.Write(world.State);
        Assert.Contains("\\<img onerror=1\\>", markdown, StringComparison.Ordinal);
        Assert.Contains("a\\|b", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_table_of_the_markdown_has_as_many_cells_in_every_row()
    {
        await using ExperimentWorld world = await FinishedAsync();
        int rows = 0;
        int columns = 0;
        foreach (string line in MarkdownReport.Write(world.State).Split('\n'))
        {
            if (!line.StartsWith('|'))
            {
                columns = 0;
                continue;
            }

            // The first row of a table says how many cells the others have.
            columns = columns == 0 ? Cells(line) : columns;
            Assert.Equal(columns, Cells(line));
            rows++;
        }

        Assert.True(rows > 15);

        static int Cells(string row) => row.Replace("\\|", "", StringComparison.Ordinal).Count(static letter => letter == '|');
    }

    [Fact]
    public async Task Json_holds_the_numbers()
    {
        await using ExperimentWorld world = await FinishedAsync();
        using JsonDocument report = JsonDocument.Parse(JsonReport.Write(world.State));
        Assert.Equal("Concluded", report.RootElement.GetProperty("phase").GetString());
        Assert.Equal("Better", report.RootElement.GetProperty("conclusions").GetProperty("next").GetString());
        Assert.True(report.RootElement.GetProperty("findings").GetProperty("primary")[0].GetProperty("low").GetDouble() > 0);
    }

    [Fact]
    public void An_experiment_that_has_seen_nothing_has_a_report()
    {
        ExperimentState state = new() { Definition = ExperimentWorld.Define(), Reason = "nobody has started it" };
        Assert.Contains("waiting", HtmlReport.Write(state), StringComparison.Ordinal);
        Assert.Contains("waiting", MarkdownReport.Write(state), StringComparison.Ordinal);
        Assert.Contains("Waiting", JsonReport.Write(state), StringComparison.Ordinal);
    }

    private static async Task<ExperimentWorld> FinishedAsync()
    {
        ExperimentWorld world = new(ExperimentWorld.Define() with
        {
            Hypothesis = "more <img onerror=1> a|b",
            Metrics = [ExperimentWorld.Conversion, MetricDefinition.Measured(MetricDefinition.Errors), MetricDefinition.Measured(MetricDefinition.Latency)],
            Guardrails = [new GuardrailDefinition(MetricDefinition.Errors, 0.05)],
            Secondary = [MetricDefinition.Latency],
            Segments = [new KeySource(KeySourceKind.Header, "X-Country")],
        });
        await world.StartAsync();
        Random random = new(1);
        for (int i = 0; i < 6000 && world.State.Phase == ExperimentPhase.Running; i++)
        {
            string arm = await world.AskAsync($"e{i}", new FakeAttributes(("X-Country", i % 3 == 0 ? "a|b" : "fi")));
            world.Report($"e{i}", random.NextDouble() < (arm == "next" ? 0.32 : 0.2) ? 1 : 0);
            if (i % 20 == 0)
            {
                world.Time.Advance(TimeSpan.FromMinutes(1));
                await world.LookAsync();
            }
        }

        Assert.Equal(ExperimentPhase.Concluded, world.State.Phase);
        return world;
    }
}
