using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Health;
using ServingStatus = Slipway.Protocols.Protos.Health.HealthCheckResponse.Types.ServingStatus;

namespace Slipway.Protocols.Health;

/// <summary>
/// grpc.health.v1.Health. The empty name and the names of the services that are mapped stand for the server; any other name is that of a model, which is
/// serving while one of its versions is ready, or may be loaded when it is asked.
/// </summary>
internal sealed class HealthService(IModelCatalog catalog, Lazy<FrozenSet<string>> services, TimeProvider time, TimeSpan watchInterval)
{
    /// <summary>Check: the status now; an unknown name is NOT_FOUND.</summary>
    public async ValueTask CheckAsync(GrpcCall call)
    {
        HealthCheckRequest request = await call.ReadOnlyAsync(HealthCheckRequest.Parser);
        ServingStatus status = StatusOf(request.Service);
        if (status == ServingStatus.ServiceUnknown)
        {
            throw new SlipwayException(ErrorCode.ModelNotFound, $"no service or model is named '{request.Service}'");
        }

        await call.WriteAsync(new HealthCheckResponse { Status = status });
    }

    /// <summary>Watch: the status now and after every change, until the caller goes away or the server stops.</summary>
    public async ValueTask WatchAsync(GrpcCall call)
    {
        HealthCheckRequest request = await call.ReadOnlyAsync(HealthCheckRequest.Parser);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, call.ServerStopping);
        using PeriodicTimer timer = new(watchInterval, time);
        ServingStatus? told = null;
        try
        {
            do
            {
                ServingStatus status = StatusOf(request.Service);
                if (status != told)
                {
                    told = status;
                    await call.WriteAsync(new HealthCheckResponse { Status = status });
                    await call.FlushAsync();
                }
            }
            while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException) when (call.ServerStopping.IsCancellationRequested && !call.CancellationToken.IsCancellationRequested)
        {
            await call.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
            throw GrpcCall.Stopping();
        }
    }

    private ServingStatus StatusOf(string service)
    {
        if (service.Length == 0 || services.Value.Contains(service))
        {
            return catalog.IsReady ? ServingStatus.Serving : ServingStatus.NotServing;
        }

        if (!catalog.TryGetModel(service, out ModelSnapshot? model))
        {
            return ServingStatus.ServiceUnknown;
        }

        return model.Answers(VersionSelector.Default) ? ServingStatus.Serving : ServingStatus.NotServing;
    }
}
