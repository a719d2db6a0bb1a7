using System.Text.Json;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Events in a file of JSON lines, flushed to the disk with every write. A last line that a crash cut short is passed over; any other that can't be read is refused. One process writes.
/// </summary>
/// <param name="path">The file; made when it is first written to.</param>
public sealed class FileRolloutStore(string path) : IRolloutStore
{
    private const long MaxBytes = 1L << 30;

    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyList<RolloutEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            lock (_gate)
            {
                Append(events);
            }

            return Task.CompletedTask;
        }
        catch (UnauthorizedAccessException denied)
        {
            return Task.FromException(new IOException(denied.Message, denied));
        }
        catch (IOException fault)
        {
            return Task.FromException(fault);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RolloutEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new IOException($"the file of rollouts has more than {MaxBytes} bytes");
        }

        string text = await File.ReadAllTextAsync(path, cancellationToken);
        List<RolloutEvent> events = [];
        string[] lines = text.Split('\n');

        // What stands behind the last line's end was never finished.
        for (int i = 0; i < lines.Length - 1; i++)
        {
            try
            {
                events.Add(JsonSerializer.Deserialize(lines[i], RolloutJson.Default.RolloutEvent) ?? throw new JsonException("null"));
            }
            catch (JsonException fault)
            {
                throw new IOException($"line {i + 1} of the file of rollouts is damaged", fault);
            }
        }

        return events;
    }

    private void Append(IReadOnlyList<RolloutEvent> events)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        CutTornLine(file);
        foreach (RolloutEvent one in events)
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(one, RolloutJson.Default.RolloutEvent));
            file.Write("\n"u8);
        }

        file.Flush(flushToDisk: true);
    }

    private static void CutTornLine(FileStream file)
    {
        long end = file.Length;
        while (end > 0)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                break;
            }

            end--;
        }

        file.SetLength(end);
        file.Position = end;
    }
}
