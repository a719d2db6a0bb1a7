using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Slipway.Bench.Baselines;

/// <summary>Bare Kestrel: reads the body of a POST to its end and answers with fixed bytes. What any HTTP server on this framework costs at least.</summary>
internal static class HttpEcho
{
    // As long as the answer of the model that it is compared with.
    private static readonly byte[] Answer =
        """{"model_name":"mlp","model_version":"1","outputs":[{"name":"output","datatype":"FP32","shape":[1,1],"data":[0.5123456]}]}"""u8.ToArray();

    public static Task RunAsync(CancellationToken cancellationToken) => BaselineServer.RunAsync(http2: false, AnswerAsync, cancellationToken);

    private static async Task AnswerAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        ReadResult read;
        do
        {
            read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Answer.Length;
        await context.Response.BodyWriter.WriteAsync(Answer);
    }
}
