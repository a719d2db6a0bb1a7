using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Server.Options;

namespace Slipway.Server.Registry;

/// <summary>One request to the registry's endpoints: its parameters, and how it is answered.</summary>
/// <param name="context">The request.</param>
internal sealed class RegistryCall(HttpContext context)
{
    /// <summary>The request.</summary>
    public HttpContext Context => context;

    /// <summary>The registry, acting for the caller.</summary>
    public RegistryOperations Registry { get; } = (context.RequestServices.GetService<RegistryAccess>()
        ?? throw new SlipwayException(ErrorCode.FailedPrecondition, $"this server keeps no registry: it was started with --data {DataFolder.None}")).For(ActorOf(context));

    /// <summary>Cancelled when the caller goes away.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The model of the path.</summary>
    public string Name => Route("name");

    /// <summary>The version of the path: a number or an alias.</summary>
    public string Version => Route("version");

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string?)context.Request.RouteValues[name] ?? "";

    /// <summary>A parameter of the query; null when it was not given.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: it was given twice.</exception>
    public string? Query(string name) => context.Request.Query[name] switch
    {
        [] => null,
        [var only] => only,
        _ => throw new SlipwayException(ErrorCode.InvalidRequest, $"{name}: given more than once"),
    };

    /// <summary>A whole number of the query.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: it is none.</exception>
    public int Number(string name, int byDefault) => LongNumber(name, byDefault) is var number and <= int.MaxValue ? (int)number : int.MaxValue;

    /// <summary>As <see cref="Number"/>, for larger ones.</summary>
    public long LongNumber(string name, long byDefault) => Query(name) is not { } text
        ? byDefault
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"{name}: a whole number is expected, not '{text}'");

    /// <summary>Reads the body.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.PayloadTooLarge"/>.</exception>
    public async Task<T> ReadAsync<T>(JsonTypeInfo<T> type)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = RegistryLimits.MaxJsonBytes;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, Aborted) ?? throw new SlipwayException(ErrorCode.InvalidRequest, "the body is null: an object is expected");
        }
        catch (JsonException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the body is not what is expected here: {fault.Message}", fault);
        }
        catch (BadHttpRequestException fault)
        {
            bool tooLarge = fault.StatusCode == StatusCodes.Status413PayloadTooLarge;
            throw new SlipwayException(
                tooLarge ? ErrorCode.PayloadTooLarge : ErrorCode.InvalidRequest, tooLarge ? $"the body has more than {RegistryLimits.MaxJsonBytes} bytes" : "the body ended early", fault);
        }
    }

    /// <summary>Answers with what the work gives.</summary>
    public async Task AnswerAsync<T>(Task<T> work, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        T value = await work;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(value, type, cancellationToken: Aborted);
    }

    /// <summary>Answers that the work is done.</summary>
    public async Task DoneAsync(Task work)
    {
        await work;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string ActorOf(HttpContext context) => context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : AuditEvent.AnonymousActor;
}
