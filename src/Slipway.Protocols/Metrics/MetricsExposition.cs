using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Protocols.Metrics.Collection;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics;

/// <summary>Answers scrapes, one at a time: a scraper that can't wait gives up by itself.</summary>
internal sealed class MetricsExposition(MetricCollector collector, IEnumerable<IMetricSource> sources) : IDisposable
{
    // TensorFlow Serving's names begin with a colon; they have an address of their own.
    private const char TensorFlowMark = ':';

    private readonly SemaphoreSlim _turn = new(1);
    private readonly IMetricSource[] _sources = [collector, .. sources];
    private int _lastSize = 16 * 1024;

    /// <summary>Answers a scrape of Slipway's, the runtime's, the process's and, if wanted, Triton's names.</summary>
    public Task WriteAsync(HttpContext context) => WriteAsync(context, tensorFlow: false);

    /// <summary>Answers a scrape of TensorFlow Serving's names.</summary>
    public Task WriteTensorFlowAsync(HttpContext context) => WriteAsync(context, tensorFlow: true);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Writes everything there is in one format.</summary>
    internal void Write(IBufferWriter<byte> output, ExpositionFormat format, bool tensorFlow)
    {
        List<MetricFamily> families = [];
        foreach (IMetricSource source in _sources)
        {
            source.Collect(families);
        }

        families.RemoveAll(family => family.Name.StartsWith(TensorFlowMark) != tensorFlow);
        families.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        ExpositionWriter writer = new(output, format);
        string previous = "";
        foreach (MetricFamily family in families)
        {
            // A family may come once only, or the scrape fails as a whole.
            if (family.Name != previous)
            {
                writer.Write(family);
                previous = family.Name;
            }
        }

        writer.Complete();
    }

    private async Task WriteAsync(HttpContext context, bool tensorFlow)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        ExpositionFormat format = ExpositionNegotiation.ChooseFormat(request.Headers.Accept);
        ArrayBufferWriter<byte> body = new(_lastSize);
        await _turn.WaitAsync(context.RequestAborted);
        try
        {
            Write(body, format, tensorFlow);
            _lastSize = Math.Max(_lastSize, body.WrittenCount);
        }
        finally
        {
            _turn.Release();
        }

        response.ContentType = format == ExpositionFormat.OpenMetrics ? ExpositionNegotiation.OpenMetrics : ExpositionNegotiation.PrometheusText;
        response.Headers.Vary = $"{HeaderNames.Accept}, {HeaderNames.AcceptEncoding}";
        if (!ExpositionNegotiation.AcceptsGzip(request.Headers.AcceptEncoding))
        {
            response.ContentLength = body.WrittenCount;
            await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using GZipStream gzip = new(response.BodyWriter.AsStream(leaveOpen: true), CompressionLevel.Fastest);
        await gzip.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
