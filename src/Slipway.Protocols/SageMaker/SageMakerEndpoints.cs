using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.SageMaker;

/// <summary>Amazon SageMaker's container contract, whose <c>/invocations</c> is MLflow's scoring protocol too.</summary>
public static class SageMakerEndpoints
{
    /// <summary>Maps <c>/ping</c>, <c>/invocations</c> and <c>/models</c>. Needs <c>AddSlipwayProtocols</c>.</summary>
    public static IEndpointRouteBuilder MapSageMaker(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Slipway.Protocols.SageMaker");
        ProtocolRoutes routes = new(endpoints, logger);
        ProtocolRoutes invoking = new(endpoints.MapGroup("").WithMetadata(new FailureForm(InvocationFailure.WriteAsync)), logger);
        InvocationsHandler invocations = services.GetRequiredService<InvocationsHandler>();
        LoadedModelsHandler models = services.GetRequiredService<LoadedModelsHandler>();
        routes.MapGet("/ping", Permission.None, models.PingAsync);
        routes.MapGet("/health", Permission.None, models.PingAsync);
        routes.MapGet("/version", Permission.None, LoadedModelsHandler.VersionAsync);
        invoking.MapUnguardedPost("/invocations", Permission.Infer, invocations.InvokeAsync);
        routes.MapGet("/models", Permission.ReadModels, models.ListAsync);
        routes.MapPost("/models", Permission.ManageModels, models.LoadAsync);
        routes.MapGet("/models/{model}", Permission.ReadModels, models.ShowAsync);
        routes.MapVerbs("/models/{model}", [HttpMethods.Delete], Permission.ManageModels, routes.Guard(models.UnloadAsync));
        invoking.MapUnguardedPost("/models/{model}/invoke", Permission.Infer, invocations.InvokeModelAsync);
        return endpoints;
    }
}
