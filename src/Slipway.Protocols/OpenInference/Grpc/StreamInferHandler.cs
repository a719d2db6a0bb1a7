using System.Threading.Channels;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.Protos.Inference;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>
/// Answers ModelStreamInfer. Requests run side by side, up to a bound; answers go out in the order of the requests. A request that fails is answered in the
/// stream, which stays open, unless the caller asked for errors as a status (<c>triton_grpc_error: true</c>): then the first one ends the stream.
/// When the caller has sent its last request, or the server stops, those that are pending are finished.
/// </summary>
internal sealed class StreamInferHandler(IInferenceService inference, IModelCatalog catalog, ProtocolMetrics? metrics, GrpcOptions options)
{
    private const string ErrorsAsStatus = "triton_grpc_error";

    /// <summary>Handles one call.</summary>
    public async ValueTask HandleAsync(GrpcCall call)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, call.ServerStopping);
        using SemaphoreSlim slots = new(options.MaxStreamConcurrency);
        Channel<Task<StreamedAnswer>> pending = Channel.CreateUnbounded<Task<StreamedAnswer>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Task writing = WriteAnswersAsync(call, pending.Reader, slots, stop);
        try
        {
            await ReadRequestsAsync(call, pending.Writer, slots, reading.Token, stop.Token);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // The writer failed, the call ended, or the server stops: the writer finishes what can be finished.
        }
        catch
        {
            await stop.CancelAsync();
            pending.Writer.Complete();
            await DrainAsync(writing);
            throw;
        }

        pending.Writer.TryComplete();
        await writing;
        call.CancellationToken.ThrowIfCancellationRequested();
        if (call.ServerStopping.IsCancellationRequested)
        {
            throw GrpcCall.Stopping();
        }
    }

    private async Task ReadRequestsAsync(
        GrpcCall call, ChannelWriter<Task<StreamedAnswer>> pending, SemaphoreSlim slots, CancellationToken reading, CancellationToken running)
    {
        while (true)
        {
            await slots.WaitAsync(reading);
            (bool found, GrpcMessage message) = await call.ReadNextAsync(reading);
            if (!found)
            {
                return;
            }

            pending.TryWrite(RunAsync(call, message, running));
        }
    }

    private async Task<StreamedAnswer> RunAsync(GrpcCall call, GrpcMessage message, CancellationToken cancellationToken)
    {
        RequestScope scope = metrics?.Start(ProtocolOperation.OpenInferenceGrpcStreamInfer) ?? default;
        int received = message.Memory.Length;
        InferAddress address = new();
        InferCall? infer = null;
        InferenceResponse? response = null;
        ErrorCode? error = null;
        try
        {
            infer = InferCall.Read(ref message, call, ref address);
            response = await inference.InferAsync(infer.Request, cancellationToken);
            return new StreamedAnswer { Id = address.Id, Call = infer, Response = response };
        }
        catch (Exception exception)
        {
            error = call.ErrorCodeOf(exception);
            return new StreamedAnswer { Id = address.Id, Call = infer, Failure = exception };
        }
        finally
        {
            metrics?.Stop(scope, response?.Servable ?? AskedVersion.Find(catalog, address.Model, address.Version), error, received, 0);
        }
    }

    private static async Task WriteAnswersAsync(
        GrpcCall call, ChannelReader<Task<StreamedAnswer>> pending, SemaphoreSlim slots, CancellationTokenSource stop)
    {
        bool errorsAsStatus = call.Http.Request.Headers[ErrorsAsStatus] == "true";
        try
        {
            await foreach (Task<StreamedAnswer> running in pending.ReadAllAsync(CancellationToken.None))
            {
                using StreamedAnswer answer = await running;
                stop.Token.ThrowIfCancellationRequested();
                if (answer.Failure is not null && errorsAsStatus)
                {
                    throw answer.Failure;
                }

                await WriteAsync(call, answer);
                if (!pending.TryPeek(out Task<StreamedAnswer>? next) || !next.IsCompleted)
                {
                    await call.FlushAsync();
                }

                slots.Release();
            }
        }
        catch
        {
            // Whoever reads must not wait for a request that nobody will answer, and what still runs has memory to give back.
            await stop.CancelAsync();
            await foreach (Task<StreamedAnswer> running in pending.ReadAllAsync(CancellationToken.None))
            {
                (await running).Dispose();
            }

            throw;
        }
    }

    private static async ValueTask WriteAsync(GrpcCall call, StreamedAnswer answer)
    {
        if (answer.Response is not { } response)
        {
            await WriteFailureAsync(call, answer.Id, answer.Failure!);
            return;
        }

        try
        {
            InferResponseMessage message = new(response, answer.Call!.Classify(response), answer.Id, streamed: true);
            await call.WriteAsync(message);
        }
        catch (SlipwayException failure)
        {
            // Too large an answer, or an output that has no classes: nothing of it has been written.
            await WriteFailureAsync(call, answer.Id, failure);
        }
    }

    private static ValueTask WriteFailureAsync(GrpcCall call, string id, Exception failure) => call.WriteAsync(new ModelStreamInferResponse
    {
        ErrorMessage = ProtocolErrors.ForCallers(failure).Message,
        InferResponse = new ModelInferResponse { Id = id },
    });

    private static async Task DrainAsync(Task writing)
    {
        try
        {
            await writing;
        }
        catch (Exception exception) when (exception is OperationCanceledException or SlipwayException or IOException)
        {
            // The reader's failure is the one to tell.
        }
    }
}
