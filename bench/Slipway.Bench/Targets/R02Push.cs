using System.Diagnostics;
using Slipway.Bench.Measuring;
using Slipway.Bench.Reports;
using Slipway.Core;
using Slipway.Registry.Blobs;

namespace Slipway.Bench.Targets;

/// <summary>Storing a gigabyte in the folder of blobs, hashed and synced, beside writing and syncing the same bytes to one file.</summary>
internal sealed class R02Push : ITarget
{
    private const long Bytes = 1L << 30;
    private const int BufferBytes = 1 << 20;

    public string Name => "R2";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        // Read from memory: reading would be the measurement's, not the store's.
        byte[] buffer = new byte[BufferBytes];
        new Random(1).NextBytes(buffer);
        FolderBlobStore store = new(Path.Combine(context.Folder, "push"));
        List<double> plain = [], pushed = [];
        for (int round = 0; round < Math.Max(3, context.Rounds.Count); round++)
        {
            string file = Path.Combine(context.Folder, "plain");
            long began = Stopwatch.GetTimestamp();
            await using (FileStream output = new(file, FileMode.Create, FileAccess.Write, FileShare.None, 0))
            {
                for (long written = 0; written < Bytes; written += buffer.Length)
                {
                    await output.WriteAsync(buffer);
                }

                output.Flush(flushToDisk: true);
            }

            plain.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            File.Delete(file);

            began = Stopwatch.GetTimestamp();
            BlobInfo blob = await store.PutAsync(new RepeatedStream(buffer, Bytes), Bytes, CancellationToken.None);
            pushed.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            await store.DeleteAsync(blob.Digest, CancellationToken.None);
        }

        double seconds = Statistics.Median(pushed), bare = Statistics.Median(plain);
        return
        [
            TargetResult.AtLeast(
                Name, "push of 1 GiB ÷ writing and syncing it", bare / seconds, 0.7, 0.9, $"push: {Bytes / seconds / 1e6:N0} MB/s", $"plain: {Bytes / bare / 1e6:N0} MB/s"),
        ];
    }

    /// <summary>The same bytes over and over.</summary>
    private sealed class RepeatedStream(byte[] bytes, long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int taken = (int)Math.Min(Math.Min(count, bytes.Length), length - _position);
            bytes.AsSpan(0, taken).CopyTo(buffer.AsSpan(offset));
            _position += taken;
            return taken;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int taken = (int)Math.Min(Math.Min(buffer.Length, bytes.Length), length - _position);
            bytes.AsSpan(0, taken).CopyTo(buffer.Span);
            _position += taken;
            return ValueTask.FromResult(taken);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
