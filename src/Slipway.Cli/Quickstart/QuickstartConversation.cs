using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Spectre.Console;

namespace Slipway.Cli.Quickstart;

/// <summary>Asks the running samples for predictions, each over another protocol, and shows what came back beside what is true.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="rowsFolder">Folder of the sample rows.</param>
/// <param name="addresses">The server's listeners.</param>
internal sealed class QuickstartConversation(CliTerminal terminal, string rowsFolder, IReadOnlyDictionary<string, Uri> addresses)
{
    private const int Shown = 6;

    private readonly IAnsiConsole _console = Plain.Console(terminal);

    /// <summary>Holds the whole conversation.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await IrisAsync(cancellationToken);
        await BreastCancerAsync(cancellationToken);
        await DigitsAsync(cancellationToken);
    }

    private async Task IrisAsync(CancellationToken cancellationToken)
    {
        SampleRows rows = SampleRows.Read(rowsFolder, "iris");
        Say("1. Which iris is it?", "Four measurements of a flower, a logistic regression; asked over REST in JSON (Open Inference).");
        using SlipwayClient client = new(addresses["http"]);
        InferCall call = new("iris", [ClientTensor.Of("features", [rows.Values.Count, 4], rows.Flat)]) { Binary = false };
        InferResult answer = await client.InferAsync(call, cancellationToken);
        Compare(
            rows, "petal length × width", row => string.Create(CultureInfo.InvariantCulture, $"{row[2]:0.0} × {row[3]:0.0} cm"),
            index => (string)answer["label"][index], index => Largest(answer["probabilities"], index));
    }

    private async Task BreastCancerAsync(CancellationToken cancellationToken)
    {
        SampleRows rows = SampleRows.Read(rowsFolder, "breast_cancer");
        Say("2. Is the tumour malignant?", "Thirty figures from a needle biopsy, a random forest; asked as TensorFlow Serving's clients do.");
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = addresses["http"] };
        using StringContent body = new(Instances(rows), new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await http.PostAsync(new Uri("/v1/models/breast_cancer:predict", UriKind.Relative), body, cancellationToken);
        response.EnsureSuccessStatusCode();
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        JsonElement predictions = answer.RootElement.GetProperty("predictions");
        Compare(
            rows, "mean radius", row => string.Create(CultureInfo.InvariantCulture, $"{row[0]:0.0}"),
            index => predictions[index].GetProperty("label").GetString()!,
            index => predictions[index].GetProperty("probabilities").EnumerateArray().Max(share => share.GetDouble()));
    }

    private async Task DigitsAsync(CancellationToken cancellationToken)
    {
        SampleRows rows = SampleRows.Read(rowsFolder, "digits");
        Say("3. Which digit was written?", "8 × 8 pixels of handwriting, a small neural network; asked over gRPC (Open Inference).");
        using GrpcClient client = new(addresses["grpc"]);
        InferResult answer = await client.InferAsync(new InferCall("digits", [ClientTensor.Of("pixels", [rows.Values.Count, 64], rows.Flat)]), cancellationToken);
        Draw(rows.Values[0]);
        Compare(
            rows, "ink", row => string.Create(CultureInfo.InvariantCulture, $"{row.Sum():0}"),
            index => Convert.ToString(answer["label"][index], CultureInfo.InvariantCulture)!, index => Largest(answer["probabilities"], index));
    }

    private void Say(string title, string explanation)
    {
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold]{title}[/]");
        _console.MarkupLineInterpolated($"{explanation}");
    }

    private void Compare(SampleRows rows, string feature, Func<float[], string> describe, Func<int, string> predicted, Func<int, double> confidence)
    {
        Table table = new Table().Border(Plain.Border(terminal))
            .AddColumns(feature, "predicted", "how sure", "truth");
        int right = 0;
        for (int i = 0; i < rows.Values.Count; i++)
        {
            bool isRight = predicted(i) == rows.Truth[i];
            right += isRight ? 1 : 0;
            if (i < Shown)
            {
                string share = confidence(i).ToString("0 %", CultureInfo.InvariantCulture);
                table.AddRow(Markup.Escape(describe(rows.Values[i])), Markup.Escape(predicted(i)), share, Markup.Escape(rows.Truth[i]) + (isRight ? "" : "  <- wrong"));
            }
        }

        _console.Write(table);
        _console.MarkupLineInterpolated($"{right} of {rows.Values.Count} rows right; the model has seen none of them before.");
    }

    private void Draw(float[] pixels)
    {
        for (int row = 0; row < 8; row++)
        {
            StringBuilder line = new("   ");
            for (int column = 0; column < 8; column++)
            {
                line.Append(pixels[(row * 8) + column] switch { < 4 => "  ", < 10 => "░░", _ => "██" });
            }

            _console.WriteLine(line.ToString());
        }
    }

    private static string Instances(SampleRows rows) =>
        $$"""{"instances":[{{string.Join(',', rows.Values.Select(row => $"[{string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]"))}}]}""";

    private static double Largest(ClientTensor probabilities, int row)
    {
        long classes = probabilities.Shape[1];
        return Enumerable.Range(0, (int)classes).Max(index => (double)(float)probabilities[(row * classes) + index]);
    }
}
