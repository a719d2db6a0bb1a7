using System.Globalization;
using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Cli.Tests.Scoring;

public sealed class ScoringPipelineTests : IDisposable
{
    private readonly ScoringFixture _fixture = new();
    private int _runs;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Answers_keep_the_order_of_the_rows_whoever_is_done_first()
    {
        SumModel model = new(2);
        (long rows, long rejected) = await _fixture.ScoreAsync(new RowStream(20_000), model, batch: 37, threads: 4);

        Assert.Equal((20_000, 0), (rows, rejected));
        Assert.Equal(37, model.LargestBatch);
        string[] lines = await File.ReadAllLinesAsync(_fixture.Output);
        Assert.Equal("sum", lines[0]);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (2 * i).ToString(CultureInfo.InvariantCulture)), lines[1..]);
        Assert.Equal(["out.csv"], _fixture.Files);
    }

    [Fact]
    public async Task Reading_runs_ahead_by_a_few_blocks_and_no_further()
    {
        const int batch = 1000;
        RowStream input = new(1_000_000);
        long ahead = 0;
        SumModel watched = new(2) { Running = () => InterlockedMax(ref ahead, input.RowsMade - (Volatile.Read(ref _runs) * (long)batch)), Ran = () => Interlocked.Increment(ref _runs) };
        await _fixture.ScoreAsync(input, watched, batch, threads: 2);

        // One buffer of a mebibyte, at ten bytes and more a row, and six blocks.
        Assert.Equal(1000, _runs);
        Assert.InRange(ahead, batch, (1 << 20) / 10 + (8 * batch));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_go_to_the_side_file_in_order()
    {
        (long rows, long rejected) = await _fixture.ScoreAsync("a,b\n1,2\nx,\"1\"\n3,4\n5\n\n\"q\n\"\"\",6\n7,8\n", new SumModel(2));

        Assert.Equal((3, 3), (rows, rejected));
        Assert.Equal("sum\n3\n7\n15\n", await File.ReadAllTextAsync(_fixture.Output));
        Assert.Equal(
            "line,reason,row\n"
            + "3,column 'a': not a valid FP32,\"x,\"\"1\"\"\"\n"
            + "5,the row has 1 cells and the header 2,5\n"
            + "7,column 'a': not a valid FP32,\"\"\"q\n\"\"\"\"\"\",6\"\n",
            await File.ReadAllTextAsync(_fixture.Rejects));
    }

    [Fact]
    public async Task Only_the_rows_that_the_model_refuses_alone_are_rejected()
    {
        (long rows, long rejected) = await _fixture.ScoreAsync("a,b\n1,2\n-3,4\nx,1\n5,6\n7,8\n", new SumModel(2), batch: 10);

        Assert.Equal((3, 2), (rows, rejected));
        Assert.Equal("sum\n3\n11\n15\n", await File.ReadAllTextAsync(_fixture.Output));
        Assert.Equal(
            "line,reason,row\n3,the model failed: a negative value,\"-3,4\"\n4,column 'a': not a valid FP32,\"x,1\"\n",
            await File.ReadAllTextAsync(_fixture.Rejects));
    }

    [Fact]
    public async Task A_model_that_takes_one_row_is_run_row_by_row()
    {
        SumModel model = new(2, batchable: false);
        await _fixture.ScoreAsync("{\"x\":[1,2]}\n{\"x\":[[3,4]]}\n", model, batch: 10, format: RowFormat.JsonLines);

        Assert.Equal(2, model.Runs);
        Assert.Equal("sum\n3\n7\n", await File.ReadAllTextAsync(_fixture.Output));
    }

    [Fact]
    public async Task Strict_scoring_stops_at_the_first_bad_row_and_leaves_nothing()
    {
        SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(() => _fixture.ScoreAsync("a,b\n1,2\nx,1\n3,y\n", new SumModel(2), batch: 1, strict: true));

        Assert.Equal("'in': line 3: column 'a': not a valid FP32", error.Message);
        Assert.Equal(ErrorCode.InvalidRequest, error.Code);
        Assert.Empty(_fixture.Files);
    }

    [Fact]
    public async Task An_interrupted_scoring_leaves_nothing()
    {
        using CancellationTokenSource stop = new();
        int runs = 0;
        SumModel model = new(2) { Running = () => { if (Interlocked.Increment(ref runs) == 20) { stop.Cancel(); } } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _fixture.ScoreAsync(new RowStream(1_000_000), model, 10, 2, cancellationToken: stop.Token));
        Assert.Empty(_fixture.Files);
    }

    [Fact]
    public async Task A_failing_engine_ends_it_with_its_own_error()
    {
        SumModel model = new(2) { Running = () => throw new InvalidOperationException("a bug") };

        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => _fixture.ScoreAsync(new RowStream(100_000), model, 10, 3))).Message);
        Assert.Empty(_fixture.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public async Task An_empty_input_is_an_error(string text)
    {
        Assert.Equal(ErrorCode.InvalidRequest, (await Assert.ThrowsAsync<SlipwayException>(() => _fixture.ScoreAsync(text, new SumModel(2)))).Code);
    }

    [Fact]
    public async Task A_header_alone_gives_a_header_alone()
    {
        await _fixture.ScoreAsync("\uFEFFa,b\n", new SumModel(2));
        Assert.Equal("sum\n", await File.ReadAllTextAsync(_fixture.Output));
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_is_one_rejected_row()
    {
        string text = "a,b\n1," + new string('9', 10 << 20) + "x\n3,4\n";
        (long rows, long rejected) = await _fixture.ScoreAsync(text, new SumModel(2));

        Assert.Equal((1, 1), (rows, rejected));
    }

    private static void InterlockedMax(ref long target, long value)
    {
        long seen = Volatile.Read(ref target);
        while (value > seen)
        {
            long now = Interlocked.CompareExchange(ref target, value, seen);
            if (now == seen)
            {
                return;
            }

            seen = now;
        }
    }
}
