using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

namespace Slipway.Formats.Tests.Conversion;

public sealed class ConvertedModelCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CountingFormat _format = new();

    private string Kept => _folder.PathOf("converted");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_second_load_reads_what_the_first_kept()
    {
        using PreparedModel first = await PrepareAsync([1, 2, 3]);
        using PreparedModel second = await PrepareAsync([1, 2, 3]);
        Assert.Equal(1, _format.Prepared);
        Assert.Equal(new byte[] { 1, 2, 3, 1, 2, 3 }, second.Model.Bytes.ToArray());
        Assert.Equal((first.Runtime, first.Platform, first.Digest), (second.Runtime, second.Platform, second.Digest));
        Assert.Equal("välue", second.Metadata["key"]);
    }

    [Fact]
    public async Task Other_bytes_are_another_model()
    {
        (await PrepareAsync([1])).Dispose();
        using PreparedModel other = await PrepareAsync([2]);
        Assert.Equal((2, 2), (_format.Prepared, other.Model.Bytes.Length));
        Assert.Equal(2, other.Model.Bytes.Span[0]);
    }

    [Fact]
    public async Task Another_file_of_the_same_version_is_another_model()
    {
        foreach (byte model in (byte[])[1, 2, 1])
        {
            MemoryModelArtifact version = new($"{model}.bin", ("1.bin", [1]), ("2.bin", [2]));
            using PreparedModel prepared = await new ModelPreparer(new ModelFormats([_format]), Cache(1 << 20)).PrepareAsync(version, TestContext.Current.CancellationToken);
            Assert.Equal(new[] { model, model }, prepared.Model.Bytes.ToArray());
        }

        Assert.Equal(2, _format.Prepared);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_or_damaged_anywhere_is_made_anew()
    {
        (await PrepareAsync([1, 2, 3])).Dispose();
        string file = Assert.Single(Directory.GetFiles(Kept));
        byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        int made = 1;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= 0x10;
            foreach (byte[] damaged in (byte[][])[whole[..i], flipped])
            {
                await File.WriteAllBytesAsync(file, damaged, TestContext.Current.CancellationToken);
                using PreparedModel model = await PrepareAsync([1, 2, 3]);
                Assert.Equal(++made, _format.Prepared);
                Assert.Equal(new byte[] { 1, 2, 3, 1, 2, 3 }, model.Model.Bytes.ToArray());
                Assert.Equal(whole, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public async Task What_was_not_used_for_longest_goes_first()
    {
        (await PrepareAsync(new byte[100])).Dispose();
        long one = new FileInfo(Assert.Single(Directory.GetFiles(Kept))).Length;
        for (byte model = 1; model < 4; model++)
        {
            // The first is used again and again, so that it is never the one to go.
            await TickAsync(new byte[100], 3 * one);
            await TickAsync([model, .. new byte[99]], 3 * one);
            Assert.True(Directory.GetFiles(Kept).Sum(static file => new FileInfo(file).Length) <= 3 * one);
        }

        Assert.Equal(4, _format.Prepared);
        await TickAsync(new byte[100], 3 * one);
        await TickAsync([3, .. new byte[99]], 3 * one);
        Assert.Equal(4, _format.Prepared);
        await TickAsync([1, .. new byte[99]], 3 * one);
        Assert.Equal(5, _format.Prepared);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_model_larger_than_the_bound_is_not_kept(long maxBytes)
    {
        (await PrepareAsync([1, 2, 3], maxBytes)).Dispose();
        (await PrepareAsync([1, 2, 3], maxBytes)).Dispose();
        Assert.Equal(2, _format.Prepared);
        Assert.False(Directory.Exists(Kept));
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_costs_no_model()
    {
        _folder.Write("converted", "a file where the folder should be");
        using PreparedModel model = await PrepareAsync([1, 2, 3]);
        Assert.Equal(6, model.Model.Length);
    }

    [Fact]
    public async Task What_is_not_converted_is_not_kept()
    {
        foreach (FormatServing serving in (FormatServing[])[FormatServing.AsIs, FormatServing.Native])
        {
            ModelPreparer preparer = new(new ModelFormats([new CountingFormat(serving)]), Cache(1 << 20));
            (await preparer.PrepareAsync(new MemoryModelArtifact([1, 2, 3]), TestContext.Current.CancellationToken)).Dispose();
        }

        Assert.False(Directory.Exists(Kept));
    }

    [Fact]
    public async Task Many_at_once_get_the_model_and_leave_one_file()
    {
        await Parallel.ForAsync(0, 64, async (_, _) =>
        {
            using PreparedModel model = await PrepareAsync([1, 2, 3]);
            Assert.Equal(6, model.Model.Length);
        });
        Assert.Single(Directory.GetFiles(Kept));
    }

    [Fact]
    public async Task What_a_process_left_half_written_goes_after_an_hour()
    {
        string left = _folder.Write("converted/x.converted.1.unfinished", [1]);
        File.SetLastWriteTimeUtc(left, _time.GetUtcNow().UtcDateTime);
        (await PrepareAsync([1])).Dispose();
        Assert.True(File.Exists(left));
        _time.Advance(TimeSpan.FromHours(2));
        (await PrepareAsync([2])).Dispose();
        Assert.False(File.Exists(left));
    }

    private async Task TickAsync(byte[] content, long maxBytes)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        (await PrepareAsync(content, maxBytes)).Dispose();
    }

    private ValueTask<PreparedModel> PrepareAsync(byte[] content, long maxBytes = 1 << 20) =>
        new ModelPreparer(new ModelFormats([_format]), Cache(maxBytes)).PrepareAsync(new MemoryModelArtifact(content), TestContext.Current.CancellationToken);

    private ConvertedModelCache Cache(long maxBytes) =>
        new(Options.Create(new ConvertedModelOptions { Folder = Kept, MaxBytes = maxBytes }), _time, NullLogger<ConvertedModelCache>.Instance);
}
