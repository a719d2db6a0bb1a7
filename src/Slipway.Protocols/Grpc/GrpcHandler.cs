namespace Slipway.Protocols.Grpc;

/// <summary>
/// Answers one call. A <see cref="Slipway.Core.SlipwayException"/> becomes the call's status; returning is OK.
/// </summary>
internal delegate ValueTask GrpcHandler(GrpcCall call);
