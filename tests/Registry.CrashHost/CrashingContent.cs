namespace Slipway.Registry.CrashHost;

/// <summary>Content with a crash point at each reading, so that blobs are left half written.</summary>
internal sealed class CrashingContent(byte[] content, CrashPoint crash) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        crash.Step();
        return base.ReadAsync(buffer, cancellationToken);
    }
}
