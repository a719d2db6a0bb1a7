using System.Buffers.Text;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Cli.Terminal;
using Slipway.Trust.Keys;
using Slipway.Trust.Receipts;

namespace Slipway.Cli.Trust;

/// <summary><c>slipway receipt verify</c>: whether a receipt is a server's, and what it says.</summary>
internal static class ReceiptVerifyCommand
{
    private const long MaxBytes = 1 << 20;

    public static Command Create(CliTerminal terminal)
    {
        Argument<string> file = new("FILE") { Description = "The receipt: the value of the header, or the JSON that it is base64 of." };
        Option<string[]> key = new("--key") { Description = "Public key of the server (receipt-key.pub of its data folder); may be repeated.", HelpName = "FILE", Required = true };
        Option<string?> model = Digest("--model-digest", "Digest that the version has to have.");
        Option<string?> input = Digest("--input-digest", "Digest that the inputs have to have.");
        Option<string?> output = Digest("--output-digest", "Digest that the outputs have to have.");
        Command command = new("verify", "Verify a receipt and print what it says.") { file, key, model, input, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            VerificationKey[] keys = [.. parsed.GetValue(key)!.Select(static path => VerificationKey.FromPem(PemFile.Read(path), $"'{Path.GetFileName(path)}'"))];
            string path = parsed.GetValue(file)!;
            Receipt receipt = await Culprit.NamingAsync(path, async () => Receipt.Open(await ReadAsync(path, cancellationToken), keys));
            Require("model", parsed.GetValue(model), receipt.ModelDigest);
            Require("inputs", parsed.GetValue(input), receipt.InputDigest);
            Require("outputs", parsed.GetValue(output), receipt.OutputDigest);
            await terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"model {receipt.Model} version {receipt.Version} answered at {receipt.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}{(receipt.RequestId.Length > 0 ? " request " + receipt.RequestId : "")}"));
            await terminal.Out.WriteLineAsync($"model digest  {receipt.ModelDigest}");
            await terminal.Out.WriteLineAsync($"input digest  {receipt.InputDigest}");
            await terminal.Out.WriteLineAsync($"output digest {receipt.OutputDigest}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string?> Digest(string name, string description) => new(name) { Description = description, HelpName = "SHA256" };

    private static void Require(string what, string? expected, string given)
    {
        if (expected is not null && !string.Equals(expected, given, StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException(ExitCode.BadInput, $"the receipt is about other {what}: it says {given}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        if (file.Length > MaxBytes)
        {
            throw new CliException(ExitCode.BadInput, $"'{file.Name}' is no receipt: it has more than {MaxBytes} bytes");
        }

        string text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        return text.StartsWith('{') ? Encoding.UTF8.GetBytes(text)
            : Base64.IsValid(text) ? Convert.FromBase64String(text)
            : throw new CliException(ExitCode.BadInput, $"'{file.Name}' is no receipt: base64 or JSON is expected");
    }
}
