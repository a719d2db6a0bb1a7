using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Slipway.Core;
using Slipway.Core.Rows;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.SageMaker;

/// <summary><c>POST /invocations</c> and <c>POST /models/{model}/invoke</c>.</summary>
internal sealed class InvocationsHandler(
    IInferenceService inference,
    IModelCatalog catalog,
    ProtocolMetrics metrics,
    BodyLimits limits,
    TimeProvider time,
    IOptions<SageMakerOptions> options,
    ILogger<InvocationsHandler> logger,
    IInvocationForms? forms = null)
{
    private const string CustomAttributes = "X-Amzn-SageMaker-Custom-Attributes";
    private const string InferenceId = "X-Amzn-SageMaker-Inference-Id";
    private const int LongestAttributes = 1024;

    /// <summary>Asks the configured model, or the only one.</summary>
    public Task InvokeAsync(HttpContext context) => AnswerAsync(context, null);

    /// <summary>Asks the model that the path names.</summary>
    public Task InvokeModelAsync(HttpContext context) => AnswerAsync(context, (string)context.Request.RouteValues["model"]!);

    private async Task AnswerAsync(HttpContext context, string? named)
    {
        RequestScope scope = metrics.Start(ProtocolOperation.Invocations);
        RequestBody? source = null;
        ServableInfo? servable = null;
        IInvocationForm? own = null;
        ErrorCode? error = null;
        long sent = 0;
        try
        {
            // 1. The request.
            EchoAttributes(context);
            string model = named ?? DefaultModel();
            servable = await catalog.GetServableAsync(model, VersionSelector.Default, context.RequestAborted);
            own = forms?.Of(servable.Signature);
            MediaKind kind = KindOf(context, own);
            MediaKind wanted = MediaKinds.OfAnswer(context);
            source = RequestBody.Open(context, limits);
            InvocationBody body = await ReadAsync(source, kind, servable.Signature, own, context.RequestAborted);

            // 2. The answer.
            string[] outputs = [.. RowOutputs.Create(servable.Signature, options.Value.Outputs).Signatures.Select(static output => output.Name)];
            if (own is not null && options.Value.Outputs.Count == 0)
            {
                outputs = own.ChooseOutputs(servable.Signature, outputs);
            }

            using InferenceRequest request = new()
            {
                ModelName = model,
                Id = context.Request.Headers[InferenceId].ToString(),
                Inputs = body.Inputs,
                RequestedOutputs = outputs,
                Caller = CallerNames.Of(context),
                Attributes = new HttpCallerAttributes(context),
            };
            using InferenceResponse response = await inference.InferAsync(request, context.RequestAborted);
            servable = response.Servable;

            // 3. Out with it.
            long started = time.GetTimestamp();
            AssignmentHeaders.Add(context, response);
            sent = await SendAsync(context, response, wanted, body, own);
            metrics.Encoded(scope, servable, started);
        }
        catch (UnsupportedMediaException unsupported)
        {
            error = ErrorCode.NotSupported;
            await (own is null
                ? InvocationFailure.WriteAsync(context, unsupported.Status, "BAD_REQUEST", unsupported.Message)
                : InvocationFailure.WriteTextAsync(context, unsupported.Status, unsupported.Message));
        }
        catch (InvocationRefusedException refused)
        {
            error = ErrorCode.InvalidRequest;
            await InvocationFailure.WriteAsync(context, refused.Status, refused.Name, refused.Message);
        }
        catch (Exception exception)
        {
            SlipwayException failure = HttpFailure.ForCallers(exception, context);
            error = failure.Code;
            HttpLog.Failed(logger, exception, failure);
            await InvocationFailure.WriteAsync(context, failure);
        }
        finally
        {
            metrics.Stop(scope, servable, error, source?.BytesRead ?? 0, sent);
            if (source is not null)
            {
                await source.DisposeAsync();
            }
        }
    }

    private string DefaultModel()
    {
        if (options.Value.Model is { } configured)
        {
            return configured;
        }

        IReadOnlyList<ModelSnapshot> models = catalog.GetModels();
        return models.Count switch
        {
            1 => models[0].Name,
            0 => throw new SlipwayException(ErrorCode.ModelNotFound, "there is no model to invoke"),
            _ => throw new SlipwayException(
                ErrorCode.FailedPrecondition, "there are several models: name one with /models/{model}/invoke, or configure the one for /invocations"),
        };
    }

    // A model with an own form is asked in it only, and with an array of NumPy's besides.
    private static MediaKind KindOf(HttpContext context, IInvocationForm? own)
    {
        string? refusal = null;
        bool isCsv = false;
        bool isNpy = context.Request.ContentType?.StartsWith("application/x-npy", StringComparison.OrdinalIgnoreCase) == true;
        if (own is null || isNpy || (refusal = own.CheckMedia(context.Request.ContentType, out isCsv)) is null)
        {
            return own is null || isNpy ? MediaKinds.OfRequest(context) : isCsv ? MediaKind.Csv : MediaKind.Json;
        }

        throw new UnsupportedMediaException(StatusCodes.Status415UnsupportedMediaType, refusal);
    }

    private async ValueTask<InvocationBody> ReadAsync(
        RequestBody source, MediaKind kind, ModelSignature signature, IInvocationForm? own, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> bytes = await source.ReadRestAsync(limits.Options.MaxJsonBytes, cancellation);
        try
        {
            if (own is not null && kind != MediaKind.Npy)
            {
                source.Charge(own.MemoryFactor * (long)bytes.Length);
                return own.Read(bytes, kind == MediaKind.Csv, signature);
            }

            return kind switch
            {
                MediaKind.Csv => CsvInvocation.Read(bytes.Span, signature),
                MediaKind.Npy when signature.Inputs.Count == 1 => new InvocationBody([NpyFormat.Read(bytes.Span, signature.Inputs[0])], Wrapped: false),
                MediaKind.Npy => throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"application/x-npy carries one input and the model takes {signature.Inputs.Count}"),
                _ => JsonInvocation.Read(bytes.Span, signature),
            };
        }
        finally
        {
            source.Release();
        }
    }

    private static async ValueTask<long> SendAsync(HttpContext context, InferenceResponse response, MediaKind kind, InvocationBody asked, IInvocationForm? own)
    {
        using ResponseBuffer body = new();
        switch (kind)
        {
            case MediaKind.Csv:
                InvocationAnswer.WriteCsv(body, response);
                context.Response.ContentType = "text/csv; charset=utf-8";
                break;
            case MediaKind.Npy:
                InvocationAnswer.WriteNpy(body, response.Outputs);
                context.Response.ContentType = "application/x-npy";
                break;
            case MediaKind.Json when own is not null && asked.Wrapped:
                own.WriteJson(body, response.Outputs, asked.IsFrame);
                context.Response.ContentType = JsonAnswers.MediaType;
                break;
            default:
                InvocationAnswer.WriteJson(body, response.Outputs, asked.Wrapped);
                context.Response.ContentType = JsonAnswers.MediaType;
                break;
        }

        context.Response.ContentLength = body.Length;
        await body.WriteToAsync(context.Response.BodyWriter, context.RequestAborted);
        return body.Length;
    }

    // The contract lets a container send the caller's attributes back; longer ones than it allows are dropped.
    private static void EchoAttributes(HttpContext context)
    {
        StringValues attributes = context.Request.Headers[CustomAttributes];
        if (attributes.Count == 1 && attributes[0] is { Length: > 0 and <= LongestAttributes } text && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            context.Response.Headers[CustomAttributes] = text;
        }
    }
}
