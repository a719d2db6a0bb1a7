using System.Globalization;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Traffic.Prometheus;

/// <summary>Reads answers of Prometheus' instant queries (HTTP API, <c>/api/v1/query</c>). Pure.</summary>
internal static class PrometheusAnswer
{
    private const int MostOfAMessage = 200;

    /// <summary>The one value that a query came to; null when it came to nothing, or to no number.</summary>
    /// <exception cref="SlipwayException">The server refused the query, or the answer is not one number.</exception>
    public static double? Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Bad("is not what Prometheus' HTTP API gives", fault);
        }
    }

    private static double? Read(JsonElement root)
    {
        if (root.GetProperty("status").GetString() != "success")
        {
            string message = root.TryGetProperty("error", out JsonElement error) ? error.GetString() ?? "" : "";
            throw Bad($"refuses the query: {(message.Length > MostOfAMessage ? message[..MostOfAMessage] : message)}");
        }

        JsonElement data = root.GetProperty("data");
        JsonElement result = data.GetProperty("result");
        switch (data.GetProperty("resultType").GetString())
        {
            case "scalar":
                return ReadSample(result);
            case "vector" when result.GetArrayLength() == 0:
                return null;
            case "vector" when result.GetArrayLength() == 1:
                JsonElement series = result[0];
                return series.TryGetProperty("value", out JsonElement sample) ? ReadSample(sample) : throw Bad("gives a histogram, and one number is expected");
            case "vector":
                throw Bad($"gives {result.GetArrayLength()} series, and one is expected: aggregate them, as with sum()");
            case var type:
                throw Bad($"gives a {type}, and one number is expected");
        }
    }

    // [time, "number"]: numbers are texts, so that there are NaN and infinities.
    private static double? ReadSample(JsonElement sample)
    {
        if (sample.GetArrayLength() != 2)
        {
            throw Bad("gives a sample without a value");
        }

        double number = sample[1].GetString() switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Bad("gives a sample that is no number"),
        };
        return double.IsNaN(number) ? null : number;
    }

    private static SlipwayException Bad(string what, Exception? fault = null) => new(ErrorCode.InvalidRequest, $"Prometheus {what}", fault);
}
