using System.Buffers;

namespace Slipway.Cli.Scoring;

/// <summary>
/// A block of rows on its way through the pipeline: what was read, and what came of it. Owned by one stage at a time; reused when it is written.
/// </summary>
internal sealed class ScoreBlock
{
    private byte[] _bytes = [];
    private int _length;
    private TaskCompletionSource _scored = NewSource();

    /// <summary>The rows, as they stand in the input.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Number of the line that the block begins at.</summary>
    public long Line { get; private set; }

    /// <summary>The answers as text.</summary>
    public ArrayBufferWriter<byte> Answers { get; } = new(1 << 16);

    /// <summary>The rejected rows as text.</summary>
    public ArrayBufferWriter<byte> Rejects { get; } = new();

    /// <summary>Rows that have an answer.</summary>
    public int RowCount { get; set; }

    /// <summary>Rows that were rejected.</summary>
    public int RejectCount { get; private set; }

    /// <summary>The first rejected row's line and what is wrong with it; null when there is none.</summary>
    public string? FirstReject { get; private set; }

    /// <summary>Ends when the block is scored, or with what made that fail.</summary>
    public Task Scored => _scored.Task;

    /// <summary>Takes a copy of the rows and forgets what the block held before.</summary>
    public void Fill(ReadOnlySpan<byte> bytes, long line)
    {
        if (_bytes.Length < bytes.Length)
        {
            _bytes = new byte[Math.Max(bytes.Length, (int)Math.Min(Array.MaxLength, _bytes.Length * 2L))];
        }

        bytes.CopyTo(_bytes);
        _length = bytes.Length;
        Line = line;
        Answers.ResetWrittenCount();
        Rejects.ResetWrittenCount();
        RowCount = 0;
        RejectCount = 0;
        FirstReject = null;
        _scored = NewSource();
    }

    /// <summary>Adds a rejected row.</summary>
    public void Reject(long line, string reason, ReadOnlySpan<byte> row)
    {
        RejectText.Write(line, reason, row, Rejects);
        FirstReject ??= $"line {line}: {reason}";
        RejectCount++;
    }

    /// <summary>Says that the block is scored.</summary>
    public void Complete() => _scored.SetResult();

    /// <summary>Says that the block can't be scored.</summary>
    public void Fail(Exception exception) => _scored.SetException(exception);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
