using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core;

/// <summary>
/// Endpoint metadata: what the caller of a route must be allowed to do. Every route carries exactly one, so that the single point of authorisation
/// can deny whatever says nothing.
/// </summary>
/// <param name="Permission">What must be allowed.</param>
[SuppressMessage("Naming", "CA1711", Justification = "It is a permission; the suffix was reserved for a technology that is gone.")]
public sealed record RequiredPermission(Permission Permission);
