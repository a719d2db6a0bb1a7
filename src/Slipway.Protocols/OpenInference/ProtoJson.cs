using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference;

/// <summary>
/// Writes messages of the gRPC protocol as the JSON that the HTTP protocol has for the same thing: names as in the .proto, scalars always, enums by name, absent
/// messages left out, and 64-bit integers as numbers (which protobuf's own JSON writes as strings).
/// </summary>
internal static class ProtoJson
{
    /// <summary>Writes a message.</summary>
    public static void Write(JsonWriter json, IMessage message)
    {
        json.Open();
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            object value = field.Accessor.GetValue(message);
            bool absent = field.FieldType == FieldType.Message && !field.IsRepeated && value is null;
            if (absent || (field.ContainingOneof is not null && !field.Accessor.HasValue(message)))
            {
                continue;
            }

            json.Key(field.Name);
            WriteField(json, field, value!);
        }

        json.Close();
    }

    private static void WriteField(JsonWriter json, FieldDescriptor field, object value)
    {
        if (field.IsMap)
        {
            FieldDescriptor values = field.MessageType.FindFieldByNumber(2);
            json.Open();
            foreach (DictionaryEntry entry in (IDictionary)value)
            {
                json.Key(Convert.ToString(entry.Key, System.Globalization.CultureInfo.InvariantCulture)!);
                WriteValue(json, values, entry.Value!);
            }

            json.Close();
            return;
        }

        if (!field.IsRepeated)
        {
            WriteValue(json, field, value);
            return;
        }

        json.OpenArray();
        foreach (object element in (IEnumerable)value)
        {
            WriteValue(json, field, element);
        }

        json.CloseArray();
    }

    private static void WriteValue(JsonWriter json, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case IMessage message:
                Write(json, message);
                break;
            case string text:
                json.Value(text);
                break;
            case bool truth:
                json.Value(truth);
                break;
            case ByteString bytes:
                json.Value(bytes.ToBase64());
                break;
            case Enum choice:
                int number = Convert.ToInt32(choice, System.Globalization.CultureInfo.InvariantCulture);
                json.Value(field.EnumType.FindValueByNumber(number).Name);
                break;
            default:
                json.Value(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
