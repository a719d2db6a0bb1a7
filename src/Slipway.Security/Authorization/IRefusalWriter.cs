using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Security.Authorization;

/// <summary>Answers a refused request in the form of the protocol that its route belongs to. The rooms of the protocols know how; the host brings both together.</summary>
public interface IRefusalWriter
{
    /// <summary>Writes the answer.</summary>
    Task WriteAsync(HttpContext context, SlipwayException failure);
}
