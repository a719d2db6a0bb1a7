using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Refusals;
using Slipway.Security.Authorization;

namespace Slipway.Server.Hosting;

/// <summary>Refusals of the gates in the words of the protocols.</summary>
internal sealed class RefusalWriter : IRefusalWriter
{
    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, SlipwayException failure) => ProtocolRefusal.WriteAsync(context, failure);
}
