using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary><c>POST /v2/models/{model}[/versions/{version}]/infer</c>: JSON, JSON with binary tensors behind it, or one raw tensor.</summary>
internal sealed class InferHandler(
    IInferenceService inference, InferBodySource bodies, ProtocolMetrics metrics, BodyLimits limits, TimeProvider time, ILogger<InferHandler> logger)
{
    /// <summary>Answers bodies shorter than this uncompressed whatever was asked: compressing saves no packet.</summary>
    private const int WorthCompressing = 1400;

    public async Task HandleAsync(HttpContext context)
    {
        RequestScope scope = metrics.Start(ProtocolOperation.OpenInferenceHttpInfer);
        RequestBody? source = null;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        long sent = 0;
        try
        {
            // 1. The request. What was received is given back before the model runs.
            source = RequestBody.Open(context, limits);
            string model = RouteNames.Model(context);
            VersionSelector version = RouteNames.Version(context);
            using InferBody body = await bodies.ReadAsync(context, source, model, version);
            source.Release();

            // 2. The answer.
            using InferenceRequest request = body.ToRequest(model, version, CallerNames.Of(context), new HttpCallerAttributes(context));
            using InferenceResponse response = await inference.InferAsync(request, context.RequestAborted);
            servable = response.Servable;

            // 3. Out with it.
            long started = time.GetTimestamp();
            AssignmentHeaders.Add(context, response);
            sent = await SendAsync(context, response, body);
            metrics.Encoded(scope, servable, started);
        }
        catch (Exception exception)
        {
            SlipwayException failure = HttpFailure.ForCallers(exception, context);
            error = failure.Code;
            HttpLog.Failed(logger, exception, failure);
            await HttpFailure.WriteAsync(context, failure);
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

    private static async ValueTask<long> SendAsync(HttpContext context, InferenceResponse response, InferBody body)
    {
        using ResponseBuffer json = new();
        List<Tensor>? blocks = null;
        InferAnswer.Write(json, response, body, ref blocks);
        long length = json.Length;
        if (blocks is null)
        {
            context.Response.ContentType = JsonAnswers.MediaType;
        }
        else
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.Headers[InferBodySource.HeaderLength] = length.ToString(CultureInfo.InvariantCulture);
            foreach (Tensor block in blocks)
            {
                length += block.Data.Length;
            }
        }

        StringValues accepted = context.Request.Headers.AcceptEncoding;
        if (accepted.Count > 0 && length >= WorthCompressing && ContentCodings.Accepted(accepted) is not ContentCoding.Identity and var coding)
        {
            await SendCompressedAsync(context, json, blocks, coding);
            return length;
        }

        context.Response.ContentLength = length;
        await json.WriteToAsync(context.Response.BodyWriter, context.RequestAborted);
        if (blocks is not null)
        {
            foreach (Tensor block in blocks)
            {
                await context.Response.BodyWriter.WriteAsync(block.Data, context.RequestAborted);
            }
        }

        return length;
    }

    private static async ValueTask SendCompressedAsync(HttpContext context, ResponseBuffer json, List<Tensor>? blocks, ContentCoding coding)
    {
        context.Response.Headers.ContentEncoding = coding.ToName();
        await using Stream stream = coding.Compress(context.Response.Body);
        await json.WriteToAsync(stream, context.RequestAborted);
        if (blocks is not null)
        {
            foreach (Tensor block in blocks)
            {
                await stream.WriteAsync(block.Data, context.RequestAborted);
            }
        }
    }
}
