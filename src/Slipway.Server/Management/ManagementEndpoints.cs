using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Management;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Http;
using Slipway.Server.Listeners;
using Slipway.Server.Stores;

namespace Slipway.Server.Management;

/// <summary>The management API, <c>/api/v1</c> on the control plane.</summary>
internal static class ManagementEndpoints
{
    private const string ProblemJson = "application/problem+json";

    /// <summary>Adds the endpoints to <paramref name="endpoints"/>.</summary>
    public static void MapManagement(this IEndpointRouteBuilder endpoints)
    {
        IEndpointRouteBuilder admin = endpoints.MapManagementGroup();
        admin.MapGet("/api/v1/server", Guarded(DescribeServer)).WithMetadata(new RequiredPermission(Permission.ReadServer));
        admin.MapGet("/api/v1/models", Guarded(ListModels)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapGet("/api/v1/models/{name}", Guarded(ShowModel)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapPost("/api/v1/models/{name}/load", Guarded(LoadModel)).WithMetadata(new RequiredPermission(Permission.ManageModels));
        admin.MapPost("/api/v1/models/{name}/unload", Guarded(UnloadModel)).WithMetadata(new RequiredPermission(Permission.ManageModels));
        admin.MapAccess(Guarded);
    }

    /// <summary>A group whose routes fail in this API's form.</summary>
    public static IEndpointRouteBuilder MapManagementGroup(this IEndpointRouteBuilder endpoints) => endpoints.MapGroup("").WithMetadata(new FailureForm(RefuseAsync));

    /// <summary>A handler whose failures are told in this API's form.</summary>
    public static RequestDelegate Guarded(RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context);
        }
        catch (SlipwayException failure) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, failure);
        }
    };

    private static Task DescribeServer(HttpContext context)
    {
        IServiceProvider services = context.RequestServices;
        ServerDescription description = new(
            "slipway",
            typeof(ManagementEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            services.GetRequiredService<IModelCatalog>().IsReady,
            services.GetRequiredService<ServerStart>().Time,
            KestrelListeners.BoundTo(services.GetRequiredService<IServer>(), services.GetRequiredService<ListenerSet>())
                .ToDictionary(listener => listener.Key, listener => listener.Value.ToString().TrimEnd('/')))
        {
            Stores = [.. (services.GetService<RegistryStores>()?.All ?? []).Select(static store => new StoreDescription(
                store.Name, store.State.IsAvailable, store.State.Since, store.State.Problem))],
        };
        return WriteAsync(context, description, ManagementJson.Readable.ServerDescription);
    }

    private static Task ListModels(HttpContext context)
    {
        IModelCatalog catalog = context.RequestServices.GetRequiredService<IModelCatalog>();
        return WriteAsync(context, new ModelList([.. catalog.GetModels().Select(ModelDescriptions.Describe)]), ManagementJson.Readable.ModelList);
    }

    private static Task ShowModel(HttpContext context)
    {
        string name = NameOf(context);
        return context.RequestServices.GetRequiredService<IModelCatalog>().TryGetModel(name, out ModelSnapshot? model)
            ? WriteAsync(context, ModelDescriptions.Describe(model), ManagementJson.Readable.ModelDescription)
            : throw new SlipwayException(ErrorCode.ModelNotFound, $"unknown model '{name}'");
    }

    private static async Task LoadModel(HttpContext context)
    {
        await context.RequestServices.GetRequiredService<IModelControl>().LoadAsync(NameOf(context), null, context.RequestAborted);
        await ShowModel(context);
    }

    private static async Task UnloadModel(HttpContext context)
    {
        await context.RequestServices.GetRequiredService<IModelControl>().UnloadAsync(NameOf(context), context.RequestAborted);
        await ShowModel(context);
    }

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static Task RefuseAsync(HttpContext context, SlipwayException failure)
    {
        int status = failure.Code.ToHttpStatus();
        context.Response.StatusCode = status;
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            double seconds = (failure.RetryAfter ?? ProtocolErrors.DefaultRetryAfter).TotalSeconds;
            context.Response.Headers.RetryAfter = Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
        }

        Problem problem = new(failure.Message, status, failure.Code.ToString(), Activity.Current?.TraceId.ToString());
        return context.Response.WriteAsJsonAsync(problem, ManagementJson.Readable.Problem, ProblemJson, context.RequestAborted);
    }

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
}
