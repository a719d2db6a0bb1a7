using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Audit;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private static readonly FixedTime Time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly TemporaryFolder _data = new();

    private string Segment => Assert.Single(Directory.EnumerateFiles(AuditFolder.Of(_data.Root), "0*.log"));

    private string Checkpoints => Path.Combine(AuditFolder.Of(_data.Root), "checkpoints.log");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Entries_are_kept_in_order_and_go_on_after_a_restart()
    {
        await WriteAsync(3);
        await WriteAsync(4, from: 4);
        AuditReport report = await VerifyAsync();
        Assert.Null(report.Fault);
        Assert.Equal((7, 7), (report.Entries, report.Checkpoint!.Size));
        List<string> subjects = [];
        using FolderAuditStore store = FolderAuditStore.OpenRead(AuditFolder.Of(_data.Root));
        await AuditVerifier.VerifyAsync(store, [], entry =>
        {
            using JsonDocument document = JsonDocument.Parse(entry.Json);
            subjects.Add(document.RootElement.GetProperty("subject").GetString()!);
            return ValueTask.CompletedTask;
        }, default);
        Assert.Equal(Enumerable.Range(1, 7).Select(static number => $"m{number}"), subjects);
    }

    [Fact]
    public async Task What_a_caller_sent_can_not_write_a_line_of_its_own()
    {
        await using (AuditLog log = await OpenAsync())
        {
            await log.RecordAsync(Event(1) with { Actor = "eve\n{\"number\":2}", Reason = "\u0000\r\n\u2028\"\\" + new string('x', 100_000), Details = new Dictionary<string, string> { ["a\nb"] = "c\nd" } }, default);
        }

        Assert.Equal(1, (await VerifyAsync()).Entries);
        Assert.Equal(1, File.ReadAllBytes(Segment).Count(static letter => letter == '\n'));
    }

    [Fact]
    public async Task Many_writers_at_once_make_one_chain()
    {
        await using (AuditLog log = await OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
            {
                for (int i = 0; i < 100; i++)
                {
                    await log.RecordAsync(Event(writer), default);
                }
            }));
        }

        AuditReport report = await VerifyAsync();
        Assert.Null(report.Fault);
        Assert.Equal(800, report.Entries);
    }

    [Theory]
    [InlineData("alter", 5, "entry 5 has been altered")]
    [InlineData("alter", 1, "entry 1 has been altered")]
    [InlineData("alter", 10, "entry 10 has been altered")]
    [InlineData("alter-with-hash", 5, "entry 5 has been altered")]
    [InlineData("alter-with-hash", 10, "entries 1 to 10 are not those that were signed")]
    [InlineData("delete", 5, "entry 5 is missing")]
    [InlineData("delete", 1, "entry 1 is missing")]
    [InlineData("delete", 10, "entry 10 is missing")]
    [InlineData("insert", 5, "entry 6 is not there: entry 5 stands a second time")]
    [InlineData("swap", 5, "entry 5 is missing: entry 6 stands in its place")]
    [InlineData("truncate", 7, "entry 8 is missing: there were 10 entries")]
    [InlineData("cut", 7, "entry 7 is cut off")]
    [InlineData("empty", 1, "entry 1 is missing")]
    [InlineData("rewrite", 4, "entries 1 to 10 are not those that were signed")]
    public async Task The_first_entry_that_was_tampered_with_is_named(string how, int entry, string problem)
    {
        await WriteAsync(10);
        List<string> lines = [.. File.ReadAllLines(Segment)];
        switch (how)
        {
            case "alter":
                lines[entry - 1] = lines[entry - 1].Replace("\"anna\"", "\"eve\"", StringComparison.Ordinal);
                break;
            case "alter-with-hash":
                lines[entry - 1] = Rehash(lines[entry - 1].Replace("\"anna\"", "\"eve\"", StringComparison.Ordinal));
                break;
            case "delete":
                lines.RemoveAt(entry - 1);
                break;
            case "insert":
                lines.Insert(entry, lines[entry - 1]);
                break;
            case "swap":
                (lines[entry - 1], lines[entry]) = (lines[entry], lines[entry - 1]);
                break;
            case "truncate":
                lines.RemoveRange(entry, lines.Count - entry);
                break;
            case "empty":
                lines.Clear();
                break;
            case "rewrite":
                for (int i = entry - 1; i < lines.Count; i++)
                {
                    string previous = lines[i - 1][..64];
                    string json = lines[i][65..].Replace("\"anna\"", "\"eve\"", StringComparison.Ordinal);
                    int at = json.IndexOf("\"previous\":\"", StringComparison.Ordinal) + 12;
                    lines[i] = Rehash(lines[i][..65] + json[..at] + previous + json[(at + 64)..]);
                }

                break;
        }

        string text = string.Concat(lines.Select(static line => line + "\n"));
        File.WriteAllText(Segment, how == "cut" ? string.Concat(lines.Take(entry).Select(static line => line + "\n"))[..^20] : text);
        AuditReport report = await VerifyAsync();
        Assert.Contains(problem, report.Fault!.Problem, StringComparison.Ordinal);
        if (how is "alter" or "delete" or "swap" or "cut")
        {
            Assert.Equal(entry, report.Fault.Entry);
        }

        // A log that was tampered with is not written on: not even one whose end was cut inside an entry, as the checkpoint tells.
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(OpenAsync);
        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
    }

    [Fact]
    public async Task Every_flipped_bit_of_the_log_is_found()
    {
        await WriteAsync(3);
        byte[] bytes = File.ReadAllBytes(Segment);
        int[] starts = [0, .. bytes.Index().Where(static letter => letter.Item == '\n').Select(static letter => letter.Index + 1)];
        for (int bit = 0; bit < bytes.Length * 8; bit += 3)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Segment, flipped);
            AuditReport report = await VerifyAsync();

            // Letters of a hash have two cases; both name the same hash.
            if (report.Fault is null)
            {
                Assert.Equal(Encoding.ASCII.GetString(bytes), Encoding.ASCII.GetString(flipped).ToLowerInvariant(), ignoreCase: true);
                Assert.Equal(5, bit % 8);
                continue;
            }

            int entry = starts.Count(start => start <= bit / 8);
            Assert.InRange(report.Fault.Entry, Math.Max(1, entry - 1), entry + 1);
        }
    }

    [Fact]
    public async Task Checkpoints_that_were_altered_or_signed_by_somebody_else_are_found()
    {
        await WriteAsync(3);
        string good = File.ReadAllText(Checkpoints);
        using SigningKey other = SigningKey.Create();
        File.WriteAllBytes(Checkpoints, [.. new AuditCheckpoint(3, new byte[32], Time.Now).Sign(other), (byte)'\n']);
        Assert.Contains("checkpoint", (await VerifyAsync()).Fault!.Problem, StringComparison.Ordinal);
        File.WriteAllText(Checkpoints, "{}\n");
        Assert.Contains("checkpoint", (await VerifyAsync()).Fault!.Problem, StringComparison.Ordinal);
        File.WriteAllText(Checkpoints, good);
        Assert.Null((await VerifyAsync()).Fault);
    }

    [Fact]
    public async Task An_entry_that_was_being_written_at_a_crash_is_removed_and_that_is_recorded()
    {
        await WriteAsync(3);
        File.AppendAllText(Segment, new string('a', 64) + " {\"number\":4,");
        await WriteAsync(1, from: 4);
        AuditReport report = await VerifyAsync();
        Assert.Null(report.Fault);
        Assert.Equal(5, report.Entries);
        Assert.Contains("audit.recover", File.ReadAllLines(Segment)[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_at_any_byte_of_an_append_loses_nothing_that_was_confirmed()
    {
        await WriteAsync(2);
        byte[] before = File.ReadAllBytes(Segment);
        await WriteAsync(1, from: 3);
        byte[] after = File.ReadAllBytes(Segment);
        byte[] checkpoint = [.. File.ReadAllBytes(Checkpoints)];
        int firstCheckpoint = checkpoint.AsSpan().IndexOf((byte)'\n') + 1;
        for (int length = before.Length; length <= after.Length; length += 7)
        {
            File.WriteAllBytes(Segment, after[..length]);
            File.WriteAllBytes(Checkpoints, checkpoint[..firstCheckpoint]);
            await (await OpenAsync()).DisposeAsync();
            AuditReport report = await VerifyAsync();
            Assert.Null(report.Fault);
            Assert.Equal(length == before.Length || length == after.Length ? (length == before.Length ? 2 : 3) : 3, report.Entries);
        }
    }

    [Fact]
    public async Task Servers_that_share_a_folder_write_logs_of_their_own()
    {
        await using (AuditLog first = await OpenAsync())
        await using (AuditLog second = await OpenAsync())
        {
            await first.RecordAsync(Event(1), default);
            await second.RecordAsync(Event(2), default);
            await second.RecordAsync(Event(3), default);
        }

        List<long> entries = [];
        foreach (string folder in AuditFolder.AllOf(_data.Root))
        {
            using FolderAuditStore store = FolderAuditStore.OpenRead(folder);
            AuditReport report = await AuditVerifier.VerifyAsync(store, [AuditFolder.PublicKeyOf(_data.Root)!], null, default);
            Assert.Null(report.Fault);
            entries.Add(report.Entries);
        }

        Assert.Equal([1, 2], entries);
    }

    [Fact]
    public async Task The_key_is_for_its_owner_only()
    {
        await WriteAsync(1);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.PathOf("audit-key.pem")));
        }

        Assert.NotNull(AuditFolder.PublicKeyOf(_data.Root));
    }

    private static AuditEvent Event(int number) => new(Time.Now, "anna", "model.load", new AuditSubject("model", $"m{number}"), AuditOutcome.Done) { RemoteAddress = "127.0.0.1" };

    private static string Rehash(string line) => Convert.ToHexStringLower(Slipway.Trust.Merkle.MerkleHash.Leaf(Encoding.UTF8.GetBytes(line[65..]))) + line[64..];

    private Task<AuditLog> OpenAsync() => AuditFolder.OpenAsync(_data.Root, null, Time, default);

    private async Task WriteAsync(int count, int from = 1)
    {
        await using AuditLog log = await OpenAsync();
        for (int number = from; number < from + count; number++)
        {
            await log.RecordAsync(Event(number), default);
        }
    }

    private async Task<AuditReport> VerifyAsync()
    {
        using FolderAuditStore store = FolderAuditStore.OpenRead(AuditFolder.Of(_data.Root));
        return await AuditVerifier.VerifyAsync(store, [AuditFolder.PublicKeyOf(_data.Root)!], null, default);
    }
}
