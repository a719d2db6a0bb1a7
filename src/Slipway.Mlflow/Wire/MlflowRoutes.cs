using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Mlflow.Wire;

/// <summary>
/// Maps the calls of the API, each under every prefix that clients of some age use, and turns what a handler throws into MLflow's errors. Every route says what permission it needs.
/// </summary>
internal sealed class MlflowRoutes(IEndpointRouteBuilder endpoints, BodyLimits limits, ILogger logger)
{
    private static readonly FailureForm Failures = new(MlflowFailure.WriteAsync);
    private static readonly string[] Prefixes = ["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/", "/api/2.0/preview/mlflow/", "/ajax-api/2.0/preview/mlflow/"];

    /// <summary>Maps a call whose fields come in the query.</summary>
    public void Get(string path, Permission permission, Func<MlflowCall, Task<MlflowAnswer>> handler) => Map(HttpMethods.Get, path, permission, handler);

    /// <summary>Maps a call whose fields come in the body.</summary>
    public void Post(string path, Permission permission, Func<MlflowCall, Task<MlflowAnswer>> handler) => Map(HttpMethods.Post, path, permission, handler);

    /// <summary>Maps a call that changes something in part.</summary>
    public void Patch(string path, Permission permission, Func<MlflowCall, Task<MlflowAnswer>> handler) => Map(HttpMethods.Patch, path, permission, handler);

    /// <summary>Maps a call that removes something; its fields come in the body all the same.</summary>
    public void Delete(string path, Permission permission, Func<MlflowCall, Task<MlflowAnswer>> handler) => Map(HttpMethods.Delete, path, permission, handler);

    /// <summary>Maps a handler of a whole exchange at one pattern, outside the prefixes.</summary>
    public void Raw(string method, string pattern, Permission permission, RequestDelegate handler) =>
        endpoints.MapMethods(pattern, [method], Guard(handler)).WithMetadata(new RequiredPermission(permission), CheckedByName.Instance, Failures);

    /// <summary>Maps what nothing else under <paramref name="pattern"/> takes.</summary>
    public void Rest(string pattern, RequestDelegate handler) =>
        endpoints.Map(pattern, Guard(handler)).WithMetadata(new RequiredPermission(Permission.AnyCaller), Failures).WithOrder(int.MaxValue);

    private void Map(string method, string path, Permission permission, Func<MlflowCall, Task<MlflowAnswer>> handler)
    {
        RequestDelegate whole = async context =>
        {
            using JsonDocument document = await MlflowRequests.ReadAsync(context, limits);
            MlflowAnswer answer = await handler(new MlflowCall(context, new MlflowFields(document.RootElement)));
            await MlflowJson.SendAsync(context, answer);
        };
        foreach (string prefix in Prefixes)
        {
            Raw(method, prefix + path, permission, whole);
        }
    }

    private RequestDelegate Guard(RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context);
        }
        catch (MlflowException refused)
        {
            await MlflowFailure.WriteAsync(context, refused.Code, refused.Message);
        }
        catch (Exception exception)
        {
            SlipwayException failure = HttpFailure.ForCallers(exception, context);
            HttpLog.Failed(logger, exception, failure);
            await MlflowFailure.WriteAsync(context, failure);
        }
    };
}
