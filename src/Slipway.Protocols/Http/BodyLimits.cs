namespace Slipway.Protocols.Http;

/// <summary>What bounds request bodies: the options, and the room that all requests share.</summary>
internal sealed record BodyLimits(HttpProtocolOptions Options, BodyBudget Budget)
{
    public BodyLimits(HttpProtocolOptions options)
        : this(options, new BodyBudget(options.MaxBufferedBytes))
    {
    }
}
