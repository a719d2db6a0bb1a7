using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>Endpoint metadata: how failures of the endpoint are written, where it is not <c>{"error": "…"}</c>.</summary>
/// <param name="WriteAsync">Writes the whole answer: status, headers, body.</param>
public sealed record FailureForm(Func<HttpContext, SlipwayException, Task> WriteAsync);
