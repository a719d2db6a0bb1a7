using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Trust.Documents;

/// <summary>
/// Writes a version's bill of materials: CycloneDX 1.6 JSON with the model as a <c>machine-learning-model</c> component, its files below it and its model card.
/// Pure: the same facts, time and tool give the same bytes.
/// </summary>
public static class BillOfMaterials
{
    /// <summary>Media type of the document.</summary>
    public const string MediaType = "application/vnd.cyclonedx+json; version=1.6";

    /// <summary>Writes the document.</summary>
    /// <param name="facts">What is recorded of the version.</param>
    /// <param name="time">When the document is written.</param>
    /// <param name="toolVersion">Version of Slipway.</param>
    public static byte[] Write(ModelFacts facts, DateTimeOffset time, string toolVersion)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("bomFormat", "CycloneDX");
            writer.WriteString("specVersion", "1.6");
            writer.WriteString("serialNumber", "urn:uuid:" + SerialOf(facts));
            writer.WriteNumber("version", 1);
            writer.WriteStartObject("metadata");
            writer.WriteString("timestamp", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            writer.WriteStartObject("tools");
            writer.WriteStartArray("components");
            writer.WriteStartObject();
            writer.WriteString("type", "application");
            writer.WriteString("name", "slipway");
            writer.WriteString("version", toolVersion);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            WriteModel(writer, facts, isSubject: true);
            writer.WriteEndObject();
            writer.WriteStartArray("components");
            WriteModel(writer, facts, isSubject: false);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    // The same version has the same serial number, so that two exports of it can be told to be of one thing.
    private static string SerialOf(ModelFacts facts)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"slipway-bom\n{facts.Name}\n{facts.Version}\n{facts.Digest}"));

        // A name-based UUID of our own making (RFC 9562, version 8).
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString("D");
    }

    private static void WriteModel(Utf8JsonWriter writer, ModelFacts facts, bool isSubject)
    {
        if (isSubject)
        {
            writer.WriteStartObject("component");
        }
        else
        {
            writer.WriteStartObject();
        }

        writer.WriteString("type", "machine-learning-model");
        writer.WriteString("bom-ref", isSubject ? "subject" : "model");
        writer.WriteString("name", facts.Name);
        writer.WriteString("version", facts.Version);
        if ((facts.Description ?? facts.ModelDescription) is { } description)
        {
            writer.WriteString("description", description);
        }

        if (!isSubject)
        {
            WriteHash(writer, facts.Digest);
            WriteFiles(writer, facts.Files);
            WriteCard(writer, facts);
            WriteProperties(writer, facts);
        }

        writer.WriteEndObject();
    }

    private static void WriteHash(Utf8JsonWriter writer, string? sha256)
    {
        if (sha256 is null)
        {
            return;
        }

        writer.WriteStartArray("hashes");
        writer.WriteStartObject();
        writer.WriteString("alg", "SHA-256");
        writer.WriteString("content", sha256);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteFiles(Utf8JsonWriter writer, IReadOnlyList<FileFact> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("components");
        foreach (FileFact file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "file");
            writer.WriteString("bom-ref", "file:" + file.Name);
            writer.WriteString("name", file.Name);
            WriteHash(writer, file.Sha256);
            writer.WriteStartArray("properties");
            WriteProperty(writer, "slipway:length", file.Length.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCard(Utf8JsonWriter writer, ModelFacts facts)
    {
        writer.WriteStartObject("modelCard");
        writer.WriteStartObject("modelParameters");
        if (facts.TrainingDataDigest is { } data)
        {
            writer.WriteStartArray("datasets");
            writer.WriteStartObject();
            writer.WriteString("type", "dataset");
            writer.WriteString("name", "training data");
            writer.WriteStartObject("contents");
            writer.WriteStartArray("properties");
            WriteProperty(writer, "slipway:digest", data);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        WriteTensors(writer, "inputs", facts.Inputs);
        WriteTensors(writer, "outputs", facts.Outputs);
        writer.WriteEndObject();
        if (facts.Metrics.Count > 0)
        {
            writer.WriteStartObject("quantitativeAnalysis");
            writer.WriteStartArray("performanceMetrics");
            foreach ((string name, double value) in facts.Metrics.OrderBy(static metric => metric.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject();
                writer.WriteString("type", name);
                writer.WriteString("value", value.ToString("R", CultureInfo.InvariantCulture));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (facts.Parameters.Count > 0)
        {
            writer.WriteStartArray("properties");
            foreach ((string name, string value) in facts.Parameters.OrderBy(static parameter => parameter.Key, StringComparer.Ordinal))
            {
                WriteProperty(writer, "slipway:parameter:" + name, value);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter writer, string name, IReadOnlyList<TensorFact> tensors)
    {
        if (tensors.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (TensorFact tensor in tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("format", $"{tensor.Name}: {tensor.DataType} {tensor.Shape}");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter writer, ModelFacts facts)
    {
        List<KeyValuePair<string, string>> properties = [];
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                properties.Add(KeyValuePair.Create("slipway:" + name, value));
            }
        }

        Add("format", facts.Format);
        Add("producer", facts.Producer);
        Add("createdAt", facts.CreatedAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Add("createdBy", facts.CreatedBy);
        Add("signature", facts.Signature is { } verdict ? SignatureText.Of(verdict) : null);
        foreach ((string name, string value) in facts.Provenance)
        {
            Add(name.Replace(' ', '-'), value);
        }

        foreach (Approval approval in facts.Approvals)
        {
            Add("approval", string.Create(CultureInfo.InvariantCulture, $"{approval.Actor} {approval.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {approval.Comment}").TrimEnd());
        }

        foreach ((string name, string value) in facts.Tags.OrderBy(static tag => tag.Key, StringComparer.Ordinal))
        {
            Add("tag:" + name, value);
        }

        if (properties.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("properties");
        foreach ((string name, string value) in properties)
        {
            WriteProperty(writer, name, value);
        }

        writer.WriteEndArray();
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("value", value);
        writer.WriteEndObject();
    }
}
