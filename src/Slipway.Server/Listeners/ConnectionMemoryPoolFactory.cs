using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Slipway.Server.Listeners;

/// <summary>Makes the pools of the web server: one for each of its queues of sockets.</summary>
internal sealed class ConnectionMemoryPoolFactory : IMemoryPoolFactory<byte>
{
    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionMemoryPool();
}
