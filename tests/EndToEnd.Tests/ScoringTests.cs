using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>What becomes of <c>slipway score</c> when its end comes from outside. Rows come through a pipe that the test holds, so that the run can't end by itself.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ScoringTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ScoringTests() => _model = _folder.Write("model.onnx", OnnxModels.Identity());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_signal_ends_the_run_with_status_1_and_leaves_nothing()
    {
        using Process run = Start("-o", Path.Combine(_folder.Root, "out.csv"));
        try
        {
            Task<string> errors = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await WriteAsync(run, "a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 10_000)));
            using CancellationTokenSource patience = new(Patience);
            while (!Directory.EnumerateFiles(_folder.Root, ".out.csv.*").Any())
            {
                await Task.Delay(10, patience.Token);
            }

            using Process kill = Process.Start("kill", ["-TERM", run.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(patience.Token);
            await run.WaitForExitAsync(patience.Token);

            Assert.Equal((1, "slipway: interrupted"), (run.ExitCode, (await errors).Trim()));
            Assert.Equal(["model.onnx"], Directory.EnumerateFileSystemEntries(_folder.Root).Select(Path.GetFileName));
        }
        finally
        {
            End(run);
        }
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_run()
    {
        using Process run = Start("-o", "-", "--output-format", "csv");
        try
        {
            Task<string> errors = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            using CancellationTokenSource patience = new(Patience);
            Task feeding = FeedAsync(run, patience.Token);
            Assert.NotNull(await run.StandardOutput.ReadLineAsync(patience.Token));
            run.StandardOutput.Close();
            await run.WaitForExitAsync(patience.Token);
            await feeding;

            Assert.Equal(1, run.ExitCode);
            Assert.Single((await errors).Trim().Split('\n'));
        }
        finally
        {
            End(run);
        }
    }

    [Fact]
    public async Task Answers_that_go_to_a_file_by_redirection_are_followed_by_what_is_written_there_next()
    {
        string rows = _folder.Write("rows.csv", "a,b\n1,2\n"u8.ToArray());
        string all = Path.Combine(_folder.Root, "all.txt");
        ProcessStartInfo shell = new("/bin/sh", ["-c", "{ \"$0\" \"$@\"; \"$0\" \"$@\"; echo end; } > \"$ALL\" 2> /dev/null", SlipwayProcess.Program, "score", _model, "-i", rows, "-o", "-", "--output-format", "csv"]);
        shell.Environment["ALL"] = all;
        using Process run = Process.Start(shell)!;
        using CancellationTokenSource patience = new(Patience);
        await run.WaitForExitAsync(patience.Token);

        string[] lines = await File.ReadAllLinesAsync(all, patience.Token);
        Assert.Equal(5, lines.Length);
        Assert.Equal(lines[..2], lines[2..4]);
        Assert.Equal("end", lines[4]);
    }

    private Process Start(params string[] output) => Process.Start(new ProcessStartInfo(SlipwayProcess.Program, ["score", _model, "-i", "-", "--input-format", "csv", .. output])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task WriteAsync(Process run, string rows)
    {
        await run.StandardInput.WriteAsync(rows);
        await run.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    // Until nobody reads any more.
    private static async Task FeedAsync(Process run, CancellationToken patience)
    {
        string rows = string.Concat(Enumerable.Repeat("1,2\n", 10_000));
        try
        {
            await WriteAsync(run, "a,b\n");
            while (true)
            {
                patience.ThrowIfCancellationRequested();
                await WriteAsync(run, rows);
            }
        }
        catch (IOException)
        {
            // The run has ended.
        }
    }

    private static void End(Process run)
    {
        if (!run.HasExited)
        {
            run.Kill();
        }
    }
}
